"""Do two engines give the same answer? Welch's statistic, on the scale of a normal deviate.

t = (mean a - mean b) / sqrt(s_a^2 / n_a + s_b^2 / n_b), with the degrees of freedom d of Welch and
Satterthwaite. A slow engine has few replications, whose own spread says little: below 20 both
samples share one variance, as they must if they do the same work, and d = n_a + n_b - 2 (Student).
Then t is brought to the scale of z (Wallace 1959):
z = sign(t) (8 d + 1) / (8 d + 3) sqrt(d ln(1 + t^2 / d)).
"""

from __future__ import annotations

import math
from statistics import fmean, variance
from typing import TYPE_CHECKING

from work import COMPARED

if TYPE_CHECKING:
    from collections.abc import Sequence

    from work import Answers

LARGEST = 4.0
"""Beyond this many standard errors two answers are not the same."""
FEW = 20
"""Replications below which a sample's own variance is not relied on."""


def deviate(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """The statistic as a normal deviate; infinite if numbers that never vary differ."""
    difference = fmean(ours) - fmean(theirs)
    sizes = (len(ours), len(theirs))
    spreads = [variance(sample) if len(sample) > 1 else 0.0 for sample in (ours, theirs)]
    if min(sizes) < FEW:
        freedom = float(sum(sizes) - 2)
        pooled = sum(v * (n - 1) for v, n in zip(spreads, sizes, strict=True)) / freedom
        total = pooled * sum(1 / n for n in sizes)
    else:
        parts = [v / n for v, n in zip(spreads, sizes, strict=True)]
        total = sum(parts)
        freedom = sum(part**2 / (n - 1) for part, n in zip(parts, sizes, strict=True))
        freedom = total**2 / freedom if freedom else math.inf
    if total == 0:
        return 0.0 if difference == 0 else math.copysign(math.inf, difference)
    t = difference / math.sqrt(total)
    scale = (8 * freedom + 1) / (8 * freedom + 3)
    return math.copysign(scale * math.sqrt(freedom * math.log1p(t * t / freedom)), t)


def deviates(ours: Answers, theirs: Answers) -> dict[str, float]:
    """The statistic of every answer."""
    return {name: deviate(ours[name], theirs[name]) for name in COMPARED}


def worst(ours: Answers, theirs: Answers) -> tuple[str, float]:
    """The answer that differs most, and its statistic."""
    return max(deviates(ours, theirs).items(), key=lambda pair: abs(pair[1]))


def together(parts: Sequence[Answers]) -> Answers:
    """Replications of several runs as those of one."""
    return {name: [value for part in parts for value in part[name]] for name in parts[0]}
