"""By which words a greeting begins, and in which language."""

from __future__ import annotations

from notify.recipients.cells import words

# by what a greeting begins with: its language, or none
_OPENINGS = {
    **dict.fromkeys(
        """
        sehr geehrte geehrter werte werter liebe lieber liebes lieben guten grüß grüss gruess grüezi servus moin hoi
        salü tach huhu schönen verehrte verehrter hochverehrte
        """.casefold().split(),
        "de",
    ),
    **dict.fromkeys("dear good hello".split(), "en"),
    **dict.fromkeys(
        "cher chère chers chères bonjour salut coucou madame monsieur mesdames messieurs docteur maître".split(), "fr"
    ),
    **dict.fromkeys("hi hey hallo ciao".split(), ""),
}


def opening(text: str) -> str | None:
    """Return the language that a greeting begins in, empty for those of all languages, None for no greeting."""
    return next((_OPENINGS[word] for word in words(text)[:2] if word in _OPENINGS), None)
