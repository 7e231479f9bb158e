"""What is attached, or is said to be: an attachment that is missing, the file of a draft, old details in a file."""

from __future__ import annotations

import re
from collections.abc import Iterator

from notify.checks.contradictions import contradictions
from notify.checks.facts import Facts
from notify.checks.left_behind import left_behind
from notify.checks.prose import sentences, without_code
from notify.checks.remark import Remark, short
from notify.core.late_pattern import late_pattern
from notify.core.rendered import Wording, Words

_SAID = late_pattern(
    r"\b(?:im anhang|in der anlage|anbei|angehängt|beigefügt|anliegend|als anhang|beiliegend|attached|enclosed"
    r"|attachment|ci-joint|en pièce jointe)\b",
    re.IGNORECASE,
)
_NONE = late_pattern(r"\b(?:kein\w*|ohne|nie|niemals|nicht|no|without|never|not|sans|aucun\w*)\b", re.IGNORECASE)
_DRAFT = late_pattern(
    r"(?:^|[\W_])(?:entwurf|draft|alt|old|kopie|copy|test|tmp|backup|brouillon|v\d+|final\w*\d)(?=[\W_]|$)",
    re.IGNORECASE,
)
#: The value of a line of a vCard or an appointment stands behind its colon.
_PROPERTY = late_pattern(r"^(?:item\d+\.)?(?P<name>[A-Z-]{2,20})(?:;[^:\n]*)?:", re.MULTILINE)


def attachment_missing(wording: Wording, facts: Facts) -> Iterator[Remark]:
    """Yield that a text speaks of an attachment, and none goes with it."""
    if facts.attaching is None or wording.label in facts.attaching:
        return
    for sentence in sentences(without_code(wording.typed)):
        if (said := _SAID.search(sentence)) and not _NONE.search(sentence):
            what = f'"{short(sentence)}" speaks of an attachment, and nothing is attached'
            yield Remark(
                "attachment-missing", what, "Write  Attachment: FILE  below the subject, or mend the text.", said[0]
            )
            return


def attached_to_some(facts: Facts) -> Iterator[Remark]:
    """Yield the texts with which nothing goes, where something goes with the others."""
    messages = [name for name in facts.texts if name.replace("\\", "/").rpartition("/")[2].startswith("message.")]
    for name in messages if facts.attaching else ():
        if name not in (facts.attaching or ()):
            what = f"nothing is attached here, and something is in {', '.join(sorted(facts.attaching or ()))}"
            yield Remark(
                "attachment-missing", what, "Write  Attachment: FILE  below the subject here, too.", where=name
            )


def attached_files(facts: Facts) -> Iterator[Remark]:
    """Yield what is wrong in the names and the words of the files that everybody gets."""
    for name, text in facts.files.items():
        if found := _DRAFT.search(name.rpartition(".")[0]):
            what = f'{name} is attached, and is called like a draft or an old one ("{found[0].strip("_-. ")}")'
            yield Remark("unfinished-text", what, "Attach the final one, by a name that readers may see.", where=name)
        spoken = "\n".join((re.sub(r"[_.-]", " ", name), _PROPERTY.sub(r"\g<name>: ", text)))
        words = Words("", spoken, "")
        wording = Wording(name, facts.campaign.language, words, words)
        for remark in (*left_behind(wording, facts), *contradictions(wording, facts)):
            yield Remark(remark.name, f"{name}, which is attached: {remark.what}", "Attach the right one.", where=name)
