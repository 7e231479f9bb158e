"""Filters that make one text of another, always the same: what they make of a value is a value, too."""

from __future__ import annotations

import functools
import urllib.parse
from collections.abc import Callable, Mapping
from typing import Any

from jinja2.filters import do_capitalize, do_lower, do_title, do_trim, do_upper

from notify.core.late_pattern import late_pattern
from notify.rendering.own import Own

#: What a link has other signs for; RFC 3986, 2.3, and the slash.
_UNSAFE = late_pattern(r"[^A-Za-z0-9_.\-~/]")


@functools.lru_cache(maxsize=1024)
def _quoted(letter: str) -> str:
    return urllib.parse.quote(letter)


def urlencode(text: str) -> str:
    """Do as Jinja's filter does: most of a value stays as it is, so it is looked at as a whole and not by its octets.

    :raises ValueError: half of a letter has no octets.
    """
    return _UNSAFE.sub(lambda found: _quoted(found[0]), text)


#: By their names, without any arguments.
PLAIN_FILTERS: Mapping[str, Callable[[str], str]] = {
    "capitalize": do_capitalize,
    "lower": do_lower,
    "title": do_title,
    "trim": do_trim,
    "upper": do_upper,
    "urlencode": urlencode,
}
#: Those that leave a value as it is: it is escaped where it stands, by notify.
IDLE_FILTERS = frozenset({"e", "escape", "forceescape", "safe"})


def known_again(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """Return a filter whose text is known again as that of the recipient's value which it was made of."""

    @functools.wraps(function)
    def of_own(value: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401  # whatever a template gives it
        made = function(value, *args, **kwargs)
        if isinstance(value, Own) and not args and not kwargs:
            return value.made.get(name, made)
        return made

    return of_own
