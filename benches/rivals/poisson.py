"""Poisson numbers for models that use Python's own random numbers."""

from __future__ import annotations

from math import exp
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from random import Random

MOST_AT_ONCE = 500.0
"""exp(-mean) is far from underflow up to here."""


def poisson(random: Random, mean: float) -> int:
    """A Poisson number, by multiplying uniforms (Knuth), a large mean in parts."""
    count = 0
    while mean > 0:
        part = min(mean, MOST_AT_ONCE)
        mean -= part
        limit, product = exp(-part), random.random()
        while product > limit:
            count += 1
            product *= random.random()
    return count
