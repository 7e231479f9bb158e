"""The form in which people are addressed, formal or familiar, and which text of a template is for whom."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum

from notify.core.record import record


class Form(StrEnum):
    """How somebody is addressed. In every language the two are called as in German, in file names too."""

    #: Sie, vous.
    FORMAL = "Sie"
    #: Du, tu.
    FAMILIAR = "Du"

    @property
    def other(self) -> Form:
        """The other one of the two."""
        return Form.FORMAL if self is Form.FAMILIAR else Form.FAMILIAR


#: Languages with one word for both: a text serves everybody, unless there is one of either form.
_ONE_WORD = frozenset({"en"})


@record(frozen=True, slots=True)
class Wording:
    """What one text of a template is: its language, and the form in which it addresses its readers."""

    language: str
    form: Form = Form.FORMAL

    def __str__(self) -> str:
        """Return it as the names of message files have it: ``de``, ``de.du``."""
        return self.language if self.form is Form.FORMAL else f"{self.language}.{self.form.lower()}"


def chosen(wordings: Collection[Wording], language: str, form: Form) -> Wording | None:
    """Return which of these texts is for a reader of this language who is addressed in this form; None for no text.

    Another language never takes the place of one, and the other form only in a language that does not tell them apart.
    """
    meant = Wording(language, form)
    other = Wording(language, form.other)
    if meant in wordings:
        return meant
    return other if language in _ONE_WORD and other in wordings else None
