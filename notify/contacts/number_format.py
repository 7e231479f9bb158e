"""How a spreadsheet shows a number: 1067 with the format 00000 is 01067 (ECMA-376, part 1, 18.8.31).

Fractions, colours and widths are not followed. A format that names German as its language, as ``[$€-407]`` does, is
shown so; every other as in English.
"""

from __future__ import annotations

import datetime as dt
import operator
import re
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

from notify.core.late_pattern import late_pattern
from notify.core.record import record

#: The formats that every workbook has (18.8.30). Those that are different in every country are shown as ISO 8601.
BUILT_IN = {
    0: "General",
    1: "0",
    2: "0.00",
    3: "#,##0",
    4: "#,##0.00",
    9: "0%",
    10: "0.00%",
    11: "0.00E+00",
    14: "yyyy-mm-dd",
    15: "d-mmm-yy",
    16: "d-mmm",
    17: "mmm-yy",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    22: "yyyy-mm-dd hh:mm",
    37: "#,##0 ;(#,##0)",
    38: "#,##0 ;(#,##0)",
    39: "#,##0.00;(#,##0.00)",
    40: "#,##0.00;(#,##0.00)",
    45: "mm:ss",
    46: "[h]:mm:ss",
    47: "mm:ss",
    48: "0.0E+0",
    49: "@",
}

_LONGEST = 1024  # Excel takes 255 characters
_LARGEST_EXACT = 1e15  # beyond, a spreadsheet does not know the last digits itself
_LARGEST_DATE = 2958466  # behind 9999-12-31
_LEAP_DAY = 60  # 1900-02-29, which never was, and Excel has it

_TOKEN = late_pattern(
    r'"(?P<quoted>[^"]*)"?|\\(?P<escaped>.)|_(?P<blank>.)|\*(?P<fill>.)|\[\$(?P<symbol>[^\]-]*)(?:-(?P<language>\w+))?\]'
    r"|\[(?P<elapsed>h+|m+|s+)\]|\[(?P<test>[<>=]+)(?P<limit>-?[\d.]+)\]|\[[^\]]*\]|(?P<half>AM/PM|A/P)|(?P<general>General)"
    r"|(?P<exponent>E[+-])|(?P<date>y+|m+|d+|h+|s+(?:\.0+)?)|(?P<digit>[0#?])|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_SECTION = late_pattern(r'(?:"[^"]*"?|\\.|\[[^\]]*\]|[^;])+|(?<=;)(?=;|$)', re.DOTALL)
_TESTS = {
    "<": operator.lt,
    ">": operator.gt,
    "=": operator.eq,
    "<=": operator.le,
    ">=": operator.ge,
    "<>": operator.ne,
}
#: The day from which a spreadsheet counts, before and since the day that never was.
_FIRST_DAYS = (dt.datetime(1899, 12, 31), dt.datetime(1899, 12, 30))  # noqa: DTZ001  # its dates are of no zone
_GERMAN = frozenset({"407", "807", "c07", "1007", "1407", "de"})
_MONTHS = {
    True: "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(),
    False: "January February March April May June July August September October November December".split(),
}
_DAYS = {
    True: "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag".split(),
    False: "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split(),
}


@record(frozen=True, slots=True)
class _Section:
    """One of the parts of a format: its tokens as pairs of a sort and a text, and for which numbers it is.

    ``condition`` is a comparison and a number; None: it is for all that no other one is for.
    """

    tokens: tuple[tuple[str, str], ...]
    condition: tuple[str, float] | None
    is_german: bool

    def has(self, *sorts: str) -> bool:
        return any(sort in sorts for sort, _ in self.tokens)


def general(value: float) -> str:
    """Return a number as it is shown without a format: 1067, 0.3."""
    if value.is_integer() and abs(value) < _LARGEST_EXACT:
        return str(int(value))
    return format(value, ".15g")


def shown(value: float, code: str, *, since_1904: bool = False) -> str:
    """Return a number as it is shown with a format.

    :param since_1904: days are counted from 1904-01-01, as old Macs did.
    """
    value = float(value)
    if code in ("General", "@", "") or len(code) > _LONGEST:
        return general(value)
    try:
        return _formatted(value, code, since_1904=since_1904)
    except (ArithmeticError, ValueError):
        return general(value)  # the format is none, or the number too large for it


def _formatted(value: float, code: str, *, since_1904: bool) -> str:
    section, signed = _chosen(value, _sections(code))
    if section.has("date", "elapsed"):
        text = _as_date(value, section, since_1904=since_1904)
        return general(value) if text is None else text
    if section.has("general") or any(token == ("other", "/") for token in section.tokens):
        return general(value)
    if not section.has("digit"):
        return "".join(text for sort, text in section.tokens if sort == "literal").strip() or ""
    return _as_number(abs(value), section, "-" if signed and value < 0 else "")


@lru_cache(maxsize=512)
def _sections(code: str) -> tuple[_Section, ...]:
    return tuple(map(_section, _SECTION.findall(code)))[:4] or (_section("General"),)


def _section(code: str) -> _Section:
    tokens: list[tuple[str, str]] = []
    condition, is_german = None, False
    for found in _TOKEN.finditer(code):
        sort = found.lastgroup or ""
        if found["test"]:
            condition = found["test"], float(found["limit"])
        elif found["symbol"] is not None:
            is_german |= (found["language"] or "").lower().lstrip("0") in _GERMAN
            tokens.append(("literal", found["symbol"]))
        elif sort in ("quoted", "escaped"):
            tokens.append(("literal", found[sort]))
        elif sort == "blank":
            tokens.append(("literal", " "))
        elif sort in ("elapsed", "date", "half"):
            tokens.append((sort, found[sort].lower()))
        elif sort in ("general", "exponent", "digit", "other"):
            tokens.append((sort if sort != "other" or found[sort] in ".,%/@" else "literal", found[sort]))
    return _Section(tuple(tokens), condition, is_german)


def _chosen(value: float, sections: Sequence[_Section]) -> tuple[_Section, bool]:
    """Return the section for a number, and whether its sign is shown: a section for negative ones shows it itself."""
    for section in sections:
        if section.condition:
            test, limit = section.condition
            if _TESTS.get(test, operator.eq)(value, limit):
                return section, True
    plain = [section for section in sections if not section.condition] or [sections[-1]]
    if value < 0 and len(plain) > 1 and len(plain) == len(sections):
        return plain[1], False
    if value == 0 and len(plain) > 2:
        return plain[2], False
    return plain[0], True


def _as_number(value: float, section: _Section, sign: str) -> str:
    """Put the digits of a number in the places of a format; what else stands between them stays."""
    tokens = [token for token in section.tokens if token != ("other", "@")]
    places = [number for number, (sort, _) in enumerate(tokens) if sort == "digit"]
    point = next((number for number, token in enumerate(tokens) if token == ("other", ".")), len(tokens))
    power = next((number for number, (sort, _) in enumerate(tokens) if sort == "exponent"), len(tokens))
    number = Decimal(repr(value)).scaleb(2 * sum(token == ("other", "%") for token in tokens))
    before = [place for place in places if place < min(point, power)]
    behind = [place for place in places if point < place < power]
    commas = [place for place, token in enumerate(tokens) if token == ("other", ",")]
    last = max(before, default=-1)
    grouped = any(before and before[0] < place < last for place in commas)
    number = number.scaleb(-3 * sum(last < place < min(point, power) for place in commas))
    exponent = number.adjusted() if power < len(tokens) and number else 0
    number = number.scaleb(-exponent).quantize(Decimal(1).scaleb(-len(behind)), ROUND_HALF_UP)
    whole, _, fraction = f"{number:f}".partition(".")
    digits = _in_places(whole.lstrip("0"), [tokens[place][1] for place in before], grouped=grouped, section=section)
    filled = dict(zip(before, digits, strict=True))
    kept = len(fraction.rstrip("0"))
    for count, place in enumerate(behind):
        filled[place] = fraction[count] if count < kept or tokens[place][1] == "0" else ""
    if power < len(tokens):
        rest = [place for place in places if place > power]
        filled |= dict.fromkeys(rest, "")
        mark = "-" if exponent < 0 else "+" if tokens[power][1].endswith("+") else ""
        filled[power] = f"E{mark}{str(abs(exponent)).zfill(len(rest))}"
    mark = "," if section.is_german else "."
    filled[point] = mark if any(filled[place] for place in behind) or (behind and tokens[behind[0]][1] == "0") else ""
    text = "".join(filled.get(place, "" if token == ("other", ",") else token[1]) for place, token in enumerate(tokens))
    return f"{sign if re.search('[1-9]', text) else ''}{text}".strip()


def _in_places(digits: str, places: Sequence[str], *, grouped: bool, section: _Section) -> list[str]:
    """Return what stands in each place before the point; the first one takes all digits that have no place."""
    needed = len(places) - next((number for number, place in enumerate(places) if place == "0"), len(places))
    digits = digits.rjust(needed, "0")
    parts = ["" for _ in places]
    for number, digit in enumerate(reversed(digits)):
        place = max(len(places) - 1 - number, 0)
        comma = ("." if section.is_german else ",") if grouped and number and number % 3 == 0 else ""
        if places:
            parts[place] = digit + comma + parts[place]
    return parts


def _as_date(value: float, section: _Section, *, since_1904: bool) -> str | None:
    """Return a date or a time; None for a number that is none."""
    if not 0 <= value < _LARGEST_DATE:
        return None
    days = value + 1462 if since_1904 else value
    parts = [text for sort, text in section.tokens if sort in ("date", "elapsed")]
    exact = any("." in text for text in parts)
    seconds = Decimal(repr(days)) * 86400
    unit = Decimal("0.001") if exact else Decimal(1)
    whole = seconds.quantize(unit, ROUND_HALF_UP)
    # hours that are counted on are a length of time, and begin with no day
    passed = (Decimal(repr(value)) * 86400).quantize(unit, ROUND_HALF_UP)
    when = _FIRST_DAYS[days >= _LEAP_DAY] + dt.timedelta(seconds=float(whole))
    tokens = [
        (sort, token.replace("m", "n") if sort == "date" and _is_minute(section.tokens, number) else token)
        for number, (sort, token) in enumerate(section.tokens)
    ]
    return "".join(_dated(sort, token, when, passed, section) for sort, token in tokens).strip()


def _is_minute(tokens: Sequence[tuple[str, str]], number: int) -> bool:
    """Tell whether a token is an m behind an hour, or before a second: a minute, and no month."""
    if set(tokens[number][1]) != {"m"}:
        return False
    times = [(sort, text) for sort, text in tokens[:number] if sort in ("date", "elapsed")]
    behind = [text for sort, text in tokens[number + 1 :] if sort in ("date", "elapsed")]
    return bool(times and times[-1][1][0] == "h") or bool(behind and behind[0][0] == "s")


def _dated(sort: str, token: str, when: dt.datetime, seconds: Decimal, section: _Section) -> str:
    """Return what stands in a date in the place of a token."""
    if sort == "half":
        return "AM" if when.hour < 12 else "PM"
    if sort == "elapsed":
        unit = {"h": 3600, "m": 60, "s": 1}[token[0]]
        return str(int(seconds // unit)).zfill(len(token))
    if sort != "date":
        return token
    width = len(token.partition(".")[0])
    if width > 2 and token[0] in "md":
        return _name_in(token[0], width, when, section)
    if token[0] == "y":
        return f"{when.year:04}" if width > 2 else f"{when.year % 100:02}"
    hour = (when.hour - 1) % 12 + 1 if section.has("half") else when.hour
    part = {"m": when.month, "d": when.day, "n": when.minute, "h": hour, "s": when.second}[token[0]]
    behind = len(token.partition(".")[2])
    return str(part).zfill(min(width, 2)) + (f".{when.microsecond:06}"[: behind + 1] if behind else "")


def _name_in(unit: str, width: int, when: dt.datetime, section: _Section) -> str:
    """Return the name of a month or of a day of the week, in full or shortened."""
    german = section.is_german
    name = _MONTHS[german][when.month - 1] if unit == "m" else _DAYS[german][when.weekday()]
    short = 1 if width == 5 else 2 if german and unit == "d" else 3
    return name if width == 4 else name[:short]
