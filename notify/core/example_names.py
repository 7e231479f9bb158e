"""Names that are reserved for examples and tests (RFC 2606, RFC 6761): nobody is ever reached by one."""

from __future__ import annotations

import re

from notify.core.late_pattern import late_pattern

#: Such a name in a text; of a longer one the whole.
RESERVED = late_pattern(
    r"(?<![\w\-])(?:[\w\-]+\.)*(?:[\w\-]+\.(?:example|invalid|test)|example\.(?:com|net|org))(?![\w\-])", re.IGNORECASE
)


def is_reserved(name: str) -> bool:
    """Tell whether a host, or the domain of an address, is reserved for examples."""
    return RESERVED.fullmatch(name.rpartition("@")[2]) is not None
