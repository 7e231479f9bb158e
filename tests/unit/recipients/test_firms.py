"""Legal forms in a name, told by its words where it has nothing but words."""

from __future__ import annotations

import random

from notify.recipients.firms import has_legal_form

WORDS = (
    "gmbh ggmbh mbh gesmbh mbb ohg gbr gesbr kgaa partg partgmbb ltd limited llc llp plc inc incorporated corp "
    "corporation sàrl sarl eurl sasu srl UG KlG Sagl SCI SNC SAS ApS Oy Oyj eG eK eU eV eKfm eKfr ek oy ug Müller und "
    "and et u Und Sohn Söhne Co Cie Fils Team AG KG SA Gebr Inh of 1 ſ x"
).split()


def test_words_say_what_the_pattern_says() -> None:
    """Whole words alone, in whatever case, and glued together."""
    lot, found = random.Random(1), set()
    for _ in range(20_000):
        word = "".join(lot.choices(WORDS, k=lot.choice((1, 1, 2))))
        behind = lot.choice(("", "", "-Muster", "-GmbH"))
        text = lot.choice((word, word, word.upper(), word.lower(), word.title())) + behind
        # a blank is in no word, so the pattern is asked
        is_firm = has_legal_form(f"{text} ")
        assert has_legal_form(text) is is_firm, text
        found.add(is_firm)
    assert found == {True, False}
