"""Can this processor run the compiled part? If not, words instead of a crash.

Builds for 64-bit Intel and AMD processors use AVX2 (see ``.cargo/config.toml``), which those since
about 2015 have. Looked at on Linux and Windows when the package is imported; elsewhere there is
nothing to look at.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

ANY = "SKILLMIX_ANY_PROCESSOR"
"""Set this variable, to anything, after a build for older processors."""

X86_64 = {"x86_64", "amd64"}
AVX2_OF_WINDOWS = 40
"""PF_AVX2_INSTRUCTIONS_AVAILABLE of IsProcessorFeaturePresent."""


def flags_lack_avx2(told: str) -> bool:
    r"""Whether the first ``flags`` line of what Linux tells of its processors is without AVX2.

    >>> flags_lack_avx2("model name\t: older\nflags\t\t: fpu sse2 avx\n")
    True
    >>> flags_lack_avx2("flags\t\t: fpu sse2 avx avx2\n")
    False
    >>> flags_lack_avx2("nothing that is known")
    False
    """
    lines = (line.partition(":") for line in told.splitlines())
    flags = next((value.split() for name, _, value in lines if name.strip() == "flags"), None)
    return flags is not None and "avx2" not in flags


def lacks_avx2() -> bool:
    """Whether this is a 64-bit Intel or AMD processor that is known to be without AVX2."""
    if sys.platform == "linux" and os.uname().machine in X86_64:
        try:
            with Path("/proc/cpuinfo").open(encoding="utf-8", errors="replace") as told:
                return flags_lack_avx2(told.read(8192))
        except OSError:
            return False
    if sys.platform == "win32":  # pragma: no cover
        import ctypes

        machine = os.environ.get("PROCESSOR_ARCHITECTURE", "").lower()
        present = ctypes.windll.kernel32.IsProcessorFeaturePresent(AVX2_OF_WINDOWS)
        return machine in X86_64 and not present
    return False


def refuse_older() -> None:
    """Say what to do on a processor that the compiled part cannot run on.

    Raises:
        ImportError: If the processor lacks AVX2 and ``SKILLMIX_ANY_PROCESSOR`` is not set.
    """
    if ANY not in os.environ and lacks_avx2():
        message = (
            "skillmix was built for processors with AVX2 (Intel and AMD since about 2015); this one"
            ' has none. Build it again with RUSTFLAGS="-C target-cpu=x86-64" in the environment,'
            f" and set {ANY}=1."
        )
        raise ImportError(message)


refuse_older()
