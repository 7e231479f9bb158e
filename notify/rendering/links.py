"""Where values stand in the tags of an HTML shape, and which links people may be asked to click."""

from __future__ import annotations

import html
import re

from notify.core.late_pattern import late_pattern
from notify.rendering.slots import OWN_ADDRESS, OWN_HOST, OWN_PAGE, SLOT

_TAG = late_pattern(r"""<[a-z](?:"[^"]*"|'[^']*'|[^"'>])*>""", re.IGNORECASE)
_QUOTED = late_pattern(r""""[^"]*"|'[^']*'""")
_LINK = late_pattern(r"""\b(?:href|action)\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
#: The campaign's own, which are what they are called.
_OWN = late_pattern(rf"mailto:{OWN_ADDRESS}|{OWN_PAGE}|https://{OWN_HOST}")
_SAFE = late_pattern(r"(?:https?://|mailto:|tel:)[^\n]*", re.IGNORECASE)


class BareValueError(ValueError):
    """A value stands in a tag without quotation marks: whatever follows its first blank would be a new attribute."""


def find_links(html_shape: str) -> tuple[str, ...]:
    """Return the targets with a slot in them, still with their slots, but for those that are safe for everybody.

    :raises BareValueError: a slot stands in a tag outside of quotation marks.
    """
    tags = [tag for tag in _TAG.findall(html_shape) if SLOT.search(tag)]
    for tag in tags:
        if SLOT.search(_QUOTED.sub("", tag)):
            raise BareValueError(f"a value stands without quotation marks in {SLOT.sub('{{ … }}', tag)}")
    targets = (html.unescape(double or single) for tag in tags for double, single in _LINK.findall(tag))
    return tuple(target for target in targets if SLOT.search(target) and not _OWN.fullmatch(target))


def is_safe(target: str) -> bool:
    """Tell whether a link may lead there: a page, an address or a telephone number."""
    return _SAFE.fullmatch(target) is not None
