"""How is skillmix run from a command line? ``skillmix --help``, or ``python -m skillmix``."""

from __future__ import annotations

import sys

__all__ = ["main"]


def main() -> int:
    """Runs the command line; without its extra, one line says what to install.

    Returns:
        The exit code: 0 if all went well, 1 if a bundle was not reproduced, 2 for a mistake.
    """
    from skillmix.frame import need

    try:
        need("typer", "the command line")
        need("rich", "the command line")
    except ImportError as error:
        sys.stderr.write(f"{error}\n")
        return 2
    from skillmix.cli import app

    app(prog_name="skillmix")
    return 0


if __name__ == "__main__":
    sys.exit(main())
