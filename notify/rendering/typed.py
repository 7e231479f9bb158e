"""What stays in running text as it was typed: links, mail addresses, paths, masked numbers, the mark of a signature.

Markdown does not look into these; links and addresses are links in HTML that show exactly what was typed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from notify.core.late_pattern import late_pattern
from notify.core.record import record
from notify.rendering.slots import OWN_ADDRESS, OWN_HOST, OWN_PAGE, SLOT

_PAGE = r"""(?:https?://|www\.)(?:[^\s<>"“”„‚‘«»|\\^`]|\\[_*~])+"""
_ADDRESS = r"(?:mailto:)?\w(?:[\w.+%'-]|\\_){0,63}@(?:\w(?:[\w-]*\w)?\.)+(?:xn--[a-z0-9-]+|[^\W\d_]{2,})"

_TYPED = late_pattern(
    rf"""
      (?P<mark>^--[ ]$)
    | <(?P<given>(?:https?://|mailto:|tel:)[^\s<>]+|{_ADDRESS})>
    | (?P<page>(?<![^\W_]){_PAGE})
    | (?P<address>(?<![\w.@+=%-]){_ADDRESS}(?![^\W_]|@))
    | (?P<own>{OWN_ADDRESS}|{OWN_PAGE}|{OWN_HOST})
    | (?P<path>(?<!\w)[a-z]:\\\S*|(?<!\S)\\\\\w\S*)
    | (?P<masked>(?<![^\s*("„])
        (?:(?:[A-Z]{{2}}[\d*]{{2}}|[\d*]{{4}})[ ](?:[\d*]{{4}}[ ])*)?
        [*]{{4,}}
        (?:[ ](?:[*]{{4}}|[*]{{0,3}}\d{{1,4}}))*)
    """,
    re.VERBOSE | re.MULTILINE | re.IGNORECASE,
)
#: Without any of these there is nothing to look for.
_SIGN = late_pattern(rf"@|://|www\.|\\|\*{{4}}|^-- $|{OWN_ADDRESS}|{OWN_PAGE}|{OWN_HOST}", re.MULTILINE | re.IGNORECASE)

#: The end of a sentence, or of an emphasis, and not of a link.
_BEHIND_A_LINK = ".,;:!?'’*…–—([{"
_BEHIND_A_PATH = late_pattern(r"""[.,;!?'"“”’»)\]*]+$""")
# a backslash before a mark that the mark does not need here
_ESCAPED = late_pattern(r"\\([_*~])")
_BRACKET = late_pattern(r"[)\]}]")
_BRACKETS = {")": "(", "]": "[", "}": "{"}
_HOST = late_pattern(r"https?://([^/?#]*)", re.IGNORECASE)
_BEFORE_OWN = {OWN_ADDRESS: "mailto:", OWN_PAGE: "", OWN_HOST: "https://"}
_WITH_WWW = late_pattern(r"www(?:\.[\w-]*\w)+\.[^\W\d_]{2,}", re.IGNORECASE)


@record(frozen=True, slots=True)
class Typed:
    """A piece of running text that stays as it is, and where a click on it leads; to nowhere when that is empty."""

    start: int
    end: int
    text: str
    target: str = ""


def find_typed(text: str) -> Iterator[Typed]:
    """Yield what stays as it was typed, from left to right."""
    if not _SIGN.search(text):
        return
    position = 0
    while found := _TYPED.search(text, position):
        typed = _READERS[found.lastgroup or ""](found)
        if typed is not None:
            yield typed
        position = max(found.start() + 1, typed.end if typed is not None else 0)


def _read_page(found: re.Match[str]) -> Typed | None:
    typed = _without_emphasis(found, _without_end(_within_brackets(found[0])))
    host = _HOST.match(typed)
    if host is None:
        # nobody types http:// before www, and hardly a site is left that https:// does not open
        return _piece(found, typed, "https://") if _is_host_with_www(typed) else None
    # whoever fills in the host decides where the link leads: that is not the author
    return _piece(found, typed, "") if host[1] and not SLOT.search(host[1]) else None


def _within_brackets(link: str) -> str:
    """Return a link up to a bracket that was opened before it: “(https://muster.example)” does not end with one."""
    if not _BRACKET.search(link):
        return link
    opened: list[str] = []
    for place, character in enumerate(link):
        if character in _BRACKETS.values():
            opened.append(character)
        elif character in _BRACKETS and (not opened or opened.pop() != _BRACKETS[character]):
            return link[:place]
    return link


def _without_end(link: str) -> str:
    while (shorter := link.rstrip(_BEHIND_A_LINK).removesuffix("~~")) != link:
        link = shorter
    return link


def _is_host_with_www(typed: str) -> bool:
    host = re.split(r"[/?#:]", typed, maxsplit=1)[0]
    return _WITH_WWW.fullmatch(host) is not None and not SLOT.search(host)


def _without_emphasis(found: re.Match[str], typed: str) -> str:
    """Return a link without the underscores behind it that stand before it, too."""
    before = found.string[: found.start()]
    marks = len(before) - len(before.rstrip("_"))
    return typed[:-marks] if marks and typed.endswith("_" * marks) else typed


def _read_address(found: re.Match[str]) -> Typed | None:
    typed, behind = found[0], found.string[found.end() :]
    if SLOT.search(typed):
        return None
    marks = len(typed) - len(typed.lstrip("_"))
    if marks and marks == len(behind) - len(behind.lstrip("_")):
        # _info@muster.example_ is an emphasis, even if this is no mark of ours
        return Typed(found.start() + marks, found.end(), typed[marks:], f"mailto:{typed[marks:]}")
    return _piece(found, typed, _before_address(typed))


def _read_given(found: re.Match[str]) -> Typed:
    typed = found["given"]
    return Typed(found.start(), found.end(), typed, typed if ":" in typed else f"mailto:{typed}")


def _read_own(found: re.Match[str]) -> Typed:
    before = next(before for kind, before in _BEFORE_OWN.items() if re.fullmatch(kind, found[0]))
    return _piece(found, found[0], before)


def _read_path(found: re.Match[str]) -> Typed:
    return _piece(found, _BEHIND_A_PATH.sub("", found[0]))


def _read_plain(found: re.Match[str]) -> Typed:
    return _piece(found, found[0])


def _before_address(typed: str) -> str:
    return "" if typed.lower().startswith("mailto:") else "mailto:"


def _piece(found: re.Match[str], typed: str, before: str | None = None) -> Typed:
    """Return the beginning of what was found.

    :param before: what the target of a link has before what is shown; None where it is no link.
    """
    shown = typed if before is None else _ESCAPED.sub(r"\1", typed)
    return Typed(found.start(), found.start() + len(typed), shown, "" if before is None else before + shown)


_READERS: dict[str, Callable[[re.Match[str]], Typed | None]] = {
    "mark": _read_plain,
    "given": _read_given,
    "page": _read_page,
    "address": _read_address,
    "own": _read_own,
    "path": _read_path,
    "masked": _read_plain,
}
