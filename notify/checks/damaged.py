"""Letters of a text that were damaged when its file was saved in another encoding: FÃ¼r, F?r."""

from __future__ import annotations

import re
from collections.abc import Iterator

from notify.checks.facts import Facts
from notify.checks.prose import without_code
from notify.checks.remark import Remark, short
from notify.core.damaged_text import mended
from notify.core.late_pattern import late_pattern
from notify.core.rendered import Wording

_WORD = late_pattern(r"[^\s<>()\[\]]+")
_LOST = late_pattern(r"\ufffd|[^\W\d_]\?[a-zäöüß]", re.IGNORECASE)
_LINK = late_pattern(r"https?:|www\.|\w\.\w+/|[=&]", re.IGNORECASE)


def damaged(wording: Wording, _: Facts) -> Iterator[Remark]:
    """Yield the first word that lost its letters."""
    for word in _WORD.findall(f"{wording.typed.subject}\n{without_code(wording.typed)}"):
        if (not word.isascii() and mended(word) != word) or (_LOST.search(word) and not _LINK.search(word)):
            what = f'"{short(word)}" has lost letters: the file was saved in another encoding'
            yield Remark("damaged-text", what, "Save the file as UTF-8, and mend the letters.", word)
            return
