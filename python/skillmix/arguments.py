"""Is an argument what is expected? If not, the error names it, what is expected and what came.

``skillmix.given`` tells all that is wrong with the numbers of a call at once; these tell one.
"""

from __future__ import annotations

from skillmix.errors import Problem, ScenarioError

__all__ = ["expect", "expect_call", "expect_text", "refused"]


def expect(name: str, value: object, kind: type, what: str) -> None:
    """Refuses an argument of the wrong kind.

    Raises:
        TypeError: that names the argument, what is expected and what came.
    """
    if not isinstance(value, kind):
        raise TypeError(f"{name}: {what} is expected, not {_kind_of(value)}")


def expect_text(name: str, value: object, what: str) -> None:
    """Refuses an argument that is no text, or text that cannot be written down as UTF-8.

    Raises:
        TypeError: that names the argument, what is expected and what came.
        ScenarioError: if the text holds half of a surrogate pair.
    """
    expect(name, value, str, what)
    try:
        str(value).encode()
    except UnicodeEncodeError as error:
        shown, expected = ascii(value)[:80], "text that can be written as UTF-8"
        said = f"{name}: half a character (a lone surrogate) at {error.start} in {shown}"
        raise ScenarioError(said, (Problem(name, shown, expected, said),)) from None


def expect_call(progress: object) -> None:
    """Refuses a ``progress`` that cannot be called.

    Raises:
        TypeError: that says what is expected and what came.
    """
    if progress is not None and not callable(progress):
        raise TypeError(f"progress: something to call is expected, not {_kind_of(progress)}")


def refused(name: str, value: object, expected: str) -> ScenarioError:
    """The error for an argument that does not go with the others."""
    shown = repr(value)[:80]
    said = f"{name}: got {shown}, allowed: {expected}"
    return ScenarioError(said, (Problem(name, shown, expected, said),))


def _kind_of(value: object) -> str:
    return "nothing" if value is None else type(value).__name__
