"""Text that was damaged on its way through other programs: mended where that is certain, and told where it is not."""

from __future__ import annotations

import html
import re

from notify.core.late_pattern import late_pattern

_WORD = late_pattern(r"[^ \t\n]+")
_ENTITY = late_pattern(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
# what spreadsheets show as text: a formula that is nothing but a text, and an apostrophe before a number
_FORMULA = late_pattern(r'="((?:[^"]|"")*)"')
_MARKED = late_pattern(r"'(?=[+\d]).*[^']|'\d", re.DOTALL)
_PARTING = '";\n\r\t|\0'
# as what UTF-8 is read, and how its first octets look then
_MISREAD = ("cp1252", "mac_roman", "cp850", "cp437")
_LEADS = "ÃÂâÅÄÐÑÎÏ√¬‚├┬Ô"
# these are hardly ever anything else; and what begins with one of the others has a second such letter behind it
_RARE_LEADS = "ÃÂ√├┬ÐÎÅÄ"
_PAIR = late_pattern(rf"[{_LEADS}][^\x00-\x7f]")
_SINGLE = ((0xA0, 0x17F), (0x2010, 0x2044), (0x20AC, 0x20AC), (0x2122, 0x2122))
_IN_WORDS = ((0x370, 0x4FF),)  # Greek and Cyrillic

_LOST = late_pattern(r"\ufffd|[^\W\d_]\?|\?[^\W\d_]|[ÃÂ](?:[^\w]|$|[ƒŠŒŽšœžŸª²³¹º¼½¾µ])")


def may_be_mended(text: str) -> bool:
    """Tell whether something in a long text may have to be mended. Fast, and true too often."""
    if "&" in text and _ENTITY.search(text):
        return True
    if text.isascii():
        return False
    rare = any(lead in text for lead in _RARE_LEADS) or "â€" in text or "‚Ä" in text or "ÔÇ" in text
    return rare and bool(_PAIR.search(text))


def mended(text: str) -> str:
    """Return a text as it was meant, where that is certain: J&ouml;rg, MÃ¼ller, ="01067" and '01067."""
    if text.startswith("=") and (formula := _FORMULA.fullmatch(text)):
        text = formula[1].replace('""', '"')
    elif text.startswith("'") and _MARKED.fullmatch(text):
        text = text[1:]
    if "&" in text:
        text = _ENTITY.sub(lambda entity: html.unescape(entity[0]), text)
    return text if text.isascii() or not _PAIR.search(text) else _WORD.sub(_decoded, text)


def without_entities(text: str) -> str:
    """Return a line of a table with the letters that entities of HTML stand for; what would part cells stays."""
    return _ENTITY.sub(_letter, text) if "&" in text else text


def is_damaged(text: str) -> bool:
    """Tell whether letters of a name are lost: M?ller, M\ufffdller, MÃller. Nobody is to be greeted so."""
    # hardly any name has one of these, and looking for them takes no time
    if "?" not in text and (text.isascii() or ("\ufffd" not in text and "Ã" not in text and "Â" not in text)):
        return False
    return bool(_LOST.search(text))


def _letter(entity: re.Match[str]) -> str:
    letter = html.unescape(entity[0])
    return entity[0] if letter in _PARTING else letter


def _decoded(word: re.Match[str]) -> str:
    """Return a word that is UTF-8, read as something else, and perhaps so twice."""
    text = word[0]
    # twice, because what was broken once is often saved and broken once more
    for _ in range(2):
        text = next((again for encoding in _MISREAD if (again := _read_as_utf_8(text, encoding))), text)
    return text


def _read_as_utf_8(text: str, encoding: str) -> str:
    """Return what a text says if its octets are UTF-8; empty where that is nothing that anybody writes."""
    if text.isascii():
        return ""
    try:
        again = b"".join(_octets(letter, encoding) for letter in text).decode()
    except UnicodeError:
        return ""
    if len(text) - len(again) < 2 and not any(map(str.isalpha, again)):
        return ""  # two signs without a word may be meant so
    foreign = [letter for letter in again if not letter.isascii()]
    if all(_is_one_of(letter, _SINGLE) for letter in foreign):
        return again
    in_words = [letter for letter in foreign if _is_one_of(letter, _IN_WORDS)]
    return again if len(in_words) > 1 and len(in_words) == len(foreign) else ""


def _octets(letter: str, encoding: str) -> bytes:
    """Return the octet of a letter; Windows-1252 leaves some as the control characters they are."""
    try:
        return letter.encode(encoding)
    except UnicodeEncodeError:
        return letter.encode("latin-1")


def _is_one_of(letter: str, ranges: tuple[tuple[int, int], ...]) -> bool:
    return any(first <= ord(letter) <= last for first, last in ranges)
