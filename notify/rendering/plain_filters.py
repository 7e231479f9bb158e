"""Filters that make one text of another, always the same: what they make of a value is a value, too."""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping
from typing import Any

from jinja2.filters import do_capitalize, do_lower, do_title, do_trim, do_upper, do_urlencode

from notify.rendering.own import Own

#: By their names, without any arguments.
PLAIN_FILTERS: Mapping[str, Callable[[str], str]] = {
    "capitalize": do_capitalize,
    "lower": do_lower,
    "title": do_title,
    "trim": do_trim,
    "upper": do_upper,
    "urlencode": do_urlencode,
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
