"""Words that stand on screen or in a written file in German and in English."""

from __future__ import annotations

from notify.core.record import record


@record(frozen=True, slots=True)
class Bilingual:
    """The same in both languages."""

    en: str
    de: str

    def in_language(self, language: str) -> str:
        """Return it in German for ``de``, else in English."""
        return self.de if language == "de" else self.en


#: Nothing to say.
NO_WORDS = Bilingual("", "")


class BilingualError(ValueError):
    """A ValueError whose sentence is there in both languages."""

    def __init__(self, words: Bilingual) -> None:
        super().__init__(words.en)
        self.words = words
