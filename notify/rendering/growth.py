"""How large that becomes which an operation, a method or a filter makes: told before it is made.

Only those are here that can make much of little; of all others, the result is about as large as what they are given.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from notify.core.late_pattern import late_pattern
from notify.rendering.allowance import TooMuchError, weight

#: The largest numbers have so many bits; Python itself writes none of more than 4,300 digits.
_MOST_BITS = 14_000
#: What no date and no amount is padded or rounded to.
_MOST_DIGITS = 1_000

_CONVERSION = late_pattern(r"%(?:\([^)]*\))?[#0\- +]*(\*|\d*)(?:\.(\*|\d*))?")
_NUMBER = late_pattern(r"\d+")


# --- operations -------------------------------------------------------------------------------------------------------


def of_numbers(*operands: object) -> int:
    """Return the size of what comes of two numbers that does not outgrow them.

    :raises TooMuchError: one of them is too large already; Python takes long to divide by it.
    """
    return sum(_number(one.bit_length()) for one in operands if isinstance(one, int))


def of_sum(left: object, right: object) -> int:
    """Return the size of ``left + right``.

    :raises TooMuchError: as for :func:`of_numbers`, and so for all that follow.
    """
    if isinstance(left, (str, bytes, list, tuple)):
        return weight(left, right)
    return of_numbers(left, right)


def of_product(left: object, right: object) -> int:
    """Return the size of ``left * right``."""
    if isinstance(left, int) and isinstance(right, int):
        return _number(left.bit_length() + right.bit_length())
    for whole, times in ((left, right), (right, left)):
        if isinstance(whole, (str, bytes, list, tuple)) and isinstance(times, int):
            return weight(whole) * max(0, times)
    return of_numbers(left, right)


def of_power(left: object, right: object) -> int:
    """Return the size of ``left ** right``."""
    if isinstance(left, int) and isinstance(right, int) and abs(left) > 1:
        return _number(left.bit_length() * abs(right))
    return of_numbers(left, right)


def of_printf(left: object, right: object) -> int:
    """Return the size of ``left % right``.

    :raises TooMuchError: something is padded without measure.
    """
    if not isinstance(left, (str, bytes)):
        return of_numbers(left, right)
    text = left if isinstance(left, str) else left.decode("latin-1")
    numbers = [abs(one) for one in _arguments(right) if isinstance(one, int)]
    conversions = _CONVERSION.findall(text)
    widths = (width for conversion in conversions for width in conversion if width)
    padding = sum(_digits(max(numbers, default=0) if width == "*" else int(width[:9])) for width in widths)
    return len(text) + padding + len(conversions) * weight(right)


def of_format(value: object, specification: str) -> int:
    """Return the size of what ``format(value, specification)`` writes.

    :raises TooMuchError: it is padded without measure.
    """
    padding = sum(_digits(int(number[:9])) for number in _NUMBER.findall(specification))
    return weight(value, specification) + padding


def _number(bits: int) -> int:
    if bits > _MOST_BITS:
        raise TooMuchError("a number becomes too large to be written")
    return bits // 3


def _digits(wanted: int) -> int:
    if wanted > _MOST_DIGITS:
        raise TooMuchError(f"a number or text is padded to more than {_MOST_DIGITS:,} characters")
    return wanted


def _arguments(right: object) -> Sequence[object]:
    if isinstance(right, Mapping):
        return list(right.values())
    return right if isinstance(right, tuple) else (right,)


# --- methods, by their names ------------------------------------------------------------------------------------------


def of_method(owner: str | bytes | int, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> int:
    """Return the size of what a method of a text or number makes, with what it is given."""
    given = weight(owner, *args, *kwargs.values())
    grow = _METHODS.get(name)
    return given + (grow(owner, [*args, *kwargs.values()]) if grow else 0)


def _largest(_owner: object, given: Sequence[Any]) -> int:
    # it is padded to a length
    return max((one for one in given if isinstance(one, int)), default=0)


def _tabs(owner: Any, given: Sequence[Any]) -> int:  # noqa: ANN401  # text or octets
    tabs: int = owner.count("\t" if isinstance(owner, str) else b"\t")
    return tabs * _largest(owner, given)


def _replaced(owner: Any, given: Sequence[Any]) -> int:  # noqa: ANN401  # text or octets
    texts = [one for one in given if isinstance(one, type(owner) if isinstance(owner, bytes) else str)]
    return int(owner.count(texts[0])) * len(texts[1]) if len(texts) > 1 else 0


def _between(owner: Any, given: Sequence[Any]) -> int:  # noqa: ANN401  # text or octets
    return sum(len(owner) * len(one) for one in given if isinstance(one, (list, tuple, dict, str, bytes)))


def _translated(owner: Any, given: Sequence[Any]) -> int:  # noqa: ANN401  # text or octets
    tables = [one for one in given if isinstance(one, dict)]
    return len(owner) * max((weight(one) for table in tables for one in table.values()), default=0)


_METHODS: dict[str, Callable[[Any, Sequence[Any]], int]] = {
    **dict.fromkeys(("center", "ljust", "rjust", "zfill", "to_bytes"), _largest),
    "expandtabs": _tabs,
    "replace": _replaced,
    "join": _between,
    "translate": _translated,
}


# --- filters, by their names; they are given their arguments by their names -------------------------------------------


def _padded(given: Mapping[str, Any]) -> int:
    return next((given[name] for name in ("width", "linecount", "slices") if isinstance(given.get(name), int)), 0)


def _indented(given: Mapping[str, Any]) -> int:
    width = given["width"]
    return (str(given["s"]).count("\n") + 2) * (width if isinstance(width, int) else len(str(width)))


def _rounded(given: Mapping[str, Any]) -> int:
    return _digits(abs(given["precision"])) if isinstance(given["precision"], int) else 0


def _wrapped(given: Mapping[str, Any]) -> int:
    return len(str(given["s"])) * len(str(given["wrapstring"] or "\n"))


def _replaced_in(given: Mapping[str, Any]) -> int:
    return str(given["s"]).count(str(given["old"])) * len(str(given["new"]))


def _printed(given: Mapping[str, Any]) -> int:
    return of_printf(str(given["value"]), given["kwargs"] or given["args"])


FILTERS: dict[str, Callable[[Mapping[str, Any]], int]] = {
    **dict.fromkeys(("center", "batch", "slice"), _padded),
    "indent": _indented,
    "round": _rounded,
    "wordwrap": _wrapped,
    "replace": _replaced_in,
    "format": _printed,
}
