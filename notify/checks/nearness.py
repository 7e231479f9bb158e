"""Whether two numbers or addresses are the same, or one of them the other with a slip in it."""

from __future__ import annotations

import re


def slips(one: str, other: str) -> int:
    """Return how many letters must be changed, added, left out or swapped with their neighbours to get the other."""
    rows: list[list[int]] = [[*range(len(other) + 1)]]
    for i, letter in enumerate(one, start=1):
        row = [i]
        for j, opposite in enumerate(other, start=1):
            cost = min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (letter != opposite))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == opposite:
                cost = min(cost, rows[-2][j - 2] + 1)
            row.append(cost)
        rows.append(row)
    return rows[-1][-1]


def digits(number: str) -> str:
    """Return the digits of a telephone number, without the zeros with which it is dialled."""
    return re.sub(r"[^0-9]", "", number.replace("(0)", "")).lstrip("0")


def same_number(one: str, other: str) -> bool:
    """Tell whether two numbers are the same telephone; one of them may lack the country or the area."""
    short, long = sorted((digits(one), digits(other)), key=len)
    return len(short) >= 5 and long.endswith(short)


def near_number(one: str, other: str) -> bool:
    """Tell whether one is the other with a wrong, missing or swapped digit, and not merely another extension."""
    first, second = _without_country(one), _without_country(other)
    pairs = ((first, second), (digits(one), digits(other)))
    if first == second and pairs[1][0] != pairs[1][1]:
        # the same number in another country; one of them without its country is the same
        return all(number.lstrip(" (").startswith(("+", "00")) for number in (one, other))
    closest = min(slips(*pair) for pair in pairs)
    return 0 < closest <= (1 if min(len(first), len(second)) < 7 else 2)


def is_extension(one: str, other: str) -> bool:
    """Tell whether two numbers differ in their last two digits alone, as those of two desks in one house do."""
    first, second = _without_country(one), _without_country(other)
    return len(first) == len(second) and first[:-2] == second[:-2]


def near_address(one: str, other: str) -> bool:
    """Tell whether an address is another one with a slip in it: in its domain, or in a name long enough for that."""
    (name, _, domain), (other_name, _, other_domain) = (text.casefold().partition("@") for text in (one, other))
    if name == other_name:
        return 0 < slips(domain, other_domain) <= 2
    length = min(len(name), len(other_name))
    return domain == other_domain and slips(name, other_name) <= (2 if length >= 9 else 1 if length >= 4 else 0)


def near_host(one: str, other: str) -> bool:
    """Tell whether a host is another one with a slip in it; short names that differ are two sites."""
    length = min(len(one), len(other))
    return 0 < slips(one, other) <= (2 if length >= 12 else 1 if length >= 6 else 0)


def _without_country(number: str) -> str:
    """Return the digits of a number without a German-style country code; other ones have one to three digits too."""
    return re.sub(r"^(?:\+|00)(?:1|7|[2-9]\d)", "", re.sub(r"[^+0-9]", "", number.replace("(0)", ""))).lstrip("0")
