"""Which worlds does a design ask for, and which indices follow? Both by SALib.

Designs lie between 0 and 1 in every input and go through the quantile function of the input, so
that any family of spread works. SALib and SciPy are loaded here and nowhere else; their warnings
are theirs, and stay here.
"""

from __future__ import annotations

import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from skillmix.frame import need

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Array = NDArray[Any]

__all__ = [
    "LEVEL",
    "morris_design",
    "morris_indices",
    "sobol_design",
    "sobol_indices",
]

LEVEL = 0.95
"""Level of the intervals that SALib gives by resampling."""
_RESAMPLES = 200


def morris_design(inputs: int, trajectories: int, levels: int, seed: int) -> Array:
    """Worlds x inputs, each trajectory moving one input after the other by half the grid."""
    with _quiet():
        from SALib.sample.morris import sample

        found: Array = sample(
            _problem(inputs), trajectories, num_levels=levels, seed=_generator(seed)
        )
    return found


def morris_indices(design: Array, values: Array, levels: int, seed: int) -> dict[str, Array]:
    """Elementary effects of each input: ``mu``, ``mu_star``, ``mu_star_half``, ``sigma``.

    Args:
        design: Worlds x inputs, between 0 and 1.
        values: The outcome in each world.
        levels: Levels of the design.
        seed: Seed of the resampling.
    """
    import numpy as np

    with _quiet():
        from SALib.analyze.morris import analyze

        found = analyze(
            _problem(design.shape[1]),
            design,
            values,
            num_levels=levels,
            num_resamples=_RESAMPLES,
            conf_level=LEVEL,
            seed=_generator(seed),
        )
    names = {"mu": "mu", "mu_star": "mu_star", "mu_star_half": "mu_star_conf", "sigma": "sigma"}
    return {ours: np.array(found[theirs], dtype=float) for ours, theirs in names.items()}


def sobol_design(inputs: int, n: int, seed: int, *, second_order: bool) -> Array:
    """Worlds x inputs after Saltelli: ``n (inputs + 2)`` worlds, twice the inputs for pairs."""
    import numpy as np

    with _quiet():
        from SALib.sample.sobol import sample

        found: Array = sample(
            _problem(inputs), n, calc_second_order=second_order, seed=_generator(seed)
        )
    return np.clip(found, 2.0**-40, 1.0 - 2.0**-40)


def sobol_indices(inputs: int, values: Array, seed: int, *, second_order: bool) -> dict[str, Array]:
    """First and total indices with the half widths of their intervals, and those of pairs.

    An outcome that is the same in all worlds has none: they are not a number.
    """
    import numpy as np

    if float(np.ptp(values)) <= 1e-12 * float(np.abs(values).max()):
        nothing = np.full(inputs, np.nan)
        found: dict[str, Any] = dict.fromkeys(("S1", "S1_conf", "ST", "ST_conf"), nothing)
        found |= dict.fromkeys(("S2", "S2_conf"), np.full((inputs, inputs), np.nan))
    else:
        with _quiet():
            from SALib.analyze.sobol import analyze

            found = analyze(
                _problem(inputs),
                values,
                calc_second_order=second_order,
                num_resamples=_RESAMPLES,
                conf_level=LEVEL,
                seed=_generator(seed),
            )
    names = {"first": "S1", "first_half": "S1_conf", "total": "ST", "total_half": "ST_conf"}
    if second_order:
        names |= {"second": "S2", "second_half": "S2_conf"}
    return {ours: np.array(found[theirs], dtype=float) for ours, theirs in names.items()}


def _problem(inputs: int) -> dict[str, Any]:
    """What SALib calls a problem: every input between 0 and 1."""
    names = [f"x{place}" for place in range(inputs)]
    return {"num_vars": inputs, "names": names, "bounds": [[0.0, 1.0]] * inputs}


def _generator(seed: int) -> Any:
    import numpy as np

    return np.random.default_rng(seed)


@contextmanager
def _quiet() -> Iterator[None]:
    """SALib is there, and what it and its libraries warn of stays inside."""
    need("SALib", "this analysis")
    import numpy as np

    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")
        yield
