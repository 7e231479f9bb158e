"""Whether a text is in the language of its file: message.en.md with the German text is sent to all who read English."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from notify.checks.facts import Facts
from notify.checks.remark import Remark
from notify.core.campaign import LANGUAGE_NAMES
from notify.core.late_pattern import late_pattern
from notify.core.rendered import Wording

#: Words that stand in nearly every text of a language and in none of the others.
_WORDS = {
    "de": "und der die das ist sind wir uns unsere unserer unser ab dem den ein eine nicht auch bitte mit für von "
    "auf bei zu ihr ihre ihnen neue neuen neuer bisherige unter erreichen gilt gelten",
    "en": "and the is are we us our from a an not also please with for of at to your you new old under reach will "
    "has have this that on in",
    "fr": "et le la les est sont nous notre nos à du des une ne pas aussi veuillez avec pour de par votre vous "
    "nouveau nouvelle ancien ancienne sera au aux",
}
#: Those that two of them have tell nothing.
_TELLING = {
    language: frozenset(words.split())
    - {word for other, more in _WORDS.items() if other != language for word in more.split()}
    for language, words in _WORDS.items()
}
_WORD = late_pattern(r"[^\W\d_]+")
#: A text with fewer of them tells nothing; of a subject one does, where there is none of its own language.
_FEWEST, _FEWEST_OF_A_SUBJECT = 6, 2


def other_language(wording: Wording, _: Facts) -> Iterator[Remark]:
    """Yield that text or subject are in another language than their file says."""
    for part, text, fewest in (
        ("text", wording.typed.text, _FEWEST),
        ("subject", wording.typed.subject, _FEWEST_OF_A_SUBJECT),
    ):
        counts = _counts(text)
        language, most = max(counts.items(), key=lambda item: item[1])
        own = counts.get(wording.language, 0)
        if language != wording.language and most >= fewest and most > own * 3:
            is_, meant = LANGUAGE_NAMES[language], LANGUAGE_NAMES[wording.language]
            what = f"the {part} is in {is_}, and everybody gets it who reads {meant}"
            yield Remark("wrong-language", what, "Translate it, or name the file by its language.", where=wording.label)
            return


def _counts(text: str) -> dict[str, int]:
    words = Counter(word.casefold() for word in _WORD.findall(text))
    return {language: sum(words[word] for word in telling) for language, telling in _TELLING.items()}
