"""What an Anrede, a gender or a title says about who is greeted: Herr, Frau, Firma, Familie.

Only words that say it count. Nobody's gender is guessed from a first name: one mistake in fifty would stand in the very
message that must look trustworthy.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Literal

from notify.core.record import record
from notify.recipients.cells import words
from notify.recipients.titles import AND

Gender = Literal["m", "f", "d"]

# these say it wherever they stand in a cell: "Herr Dr. M. Müller"
_GENDER_WORDS: dict[str, Gender] = {
    **dict.fromkeys(
        """
        herr herrn hr hrn mann männlich maennlich mr mister lord male man monsieur homme masculin señor sr hombre
        masculino signor signore sig maschio maschile dhr heer meneer mannelijk mężczyzna
        """.split(),
        "m",
    ),
    **dict.fromkeys(
        """
        frau fr frl fräulein fraeulein weiblich mrs ms miss madam lady female woman madame mme mademoiselle mlle femme
        féminin feminin señora señorita sra srta mujer femenino signora signorina femmina femminile mevr mevrouw mw
        vrouw vrouwelijk kobieta
        """.split(),
        "f",
    ),
    **dict.fromkeys(
        "mx divers diverse diverses binär binary nichtbinär nonbinary enby neutral inter other".split(), "d"
    ),
}
# these only when they are the whole cell. No numbers: to ISO/IEC 5218 a 1 is a man, to SAP a woman, to others a 0 is
_GENDER_CODES: dict[str, Gender] = {
    **dict.fromkeys("m h pan".split(), "m"),
    **dict.fromkeys("w f pani".split(), "f"),
    **dict.fromkeys("d x o nb".split(), "d"),
}
_FIRM_WORDS = frozenset(
    """
    firma fa company damen unternehmen behörde verein verband stiftung organisation organization institution praxis
    kanzlei gemeinde stadt amt schule société entreprise messrs empresa ditta bedrijf erbengemeinschaft
    """.split()
)
_FAMILY_WORDS = frozenset("familie fam family famille".split())
_SPOUSES_WORDS = frozenset("eheleute ehepaar".split())
_SEVERAL_WORDS = _SPOUSES_WORDS | frozenset("familien couple époux herren messieurs mesdames dres".split())
#: The fields in which some programs keep a number in the place of a word.
CODED = ("gender", "prefix")
#: A cell of these alone says who somebody is, and is no greeting.
ANREDE_WORDS = frozenset({*_GENDER_WORDS, *_GENDER_CODES, *_FIRM_WORDS, *_FAMILY_WORDS, *_SEVERAL_WORDS})


@record(frozen=True, slots=True)
class Anrede:
    """What the cells of a row say about who is greeted.

    ``gender`` is None when they say nothing, contradict each other, or speak of several people.
    """

    words: frozenset[str]
    gender: Gender | None
    contradicts: bool
    several: bool

    @property
    def firm(self) -> bool:
        """Whether it is a firm or an authority: Firma, Damen und Herren."""
        return not _FIRM_WORDS.isdisjoint(self.words)

    @property
    def coded(self) -> bool:
        """Whether it is a number of which nobody has said what it means."""
        return bool(self.words) and all(map(str.isdecimal, self.words))

    @property
    def family(self) -> bool:
        """Whether it is a family: Familie."""
        return not _FAMILY_WORDS.isdisjoint(self.words)

    @property
    def spouses(self) -> bool:
        """Whether it is a married couple, without saying who they are: Eheleute."""
        return not _SPOUSES_WORDS.isdisjoint(self.words)


@lru_cache(maxsize=4096)
def read_gender(text: str) -> Gender | None:
    """Return what a gender or Anrede cell says, None when it says nothing or both (Herr/Frau)."""
    genders = _genders(text)
    return next(iter(genders)) if len(genders) == 1 else None


def read_anrede(cells: Iterable[str]) -> Anrede:
    """Return what the cells for gender, Anrede and the like say together."""
    return _read_anrede(tuple(cells))


@lru_cache(maxsize=4096)
def _read_anrede(cells: tuple[str, ...]) -> Anrede:
    """Cells of this kind repeat in every row, so most of them were read before."""
    found = frozenset(word for cell in cells for word in words(cell))
    several = bool(found & _SEVERAL_WORDS) or any(len(_genders(cell)) > 1 and AND.search(cell) for cell in cells)
    genders = {gender for cell in cells if (gender := read_gender(cell))}
    agreed = genders.pop() if len(genders) == 1 else None
    return Anrede(found, None if several else agreed, contradicts=bool(genders), several=several)


def _genders(text: str) -> set[Gender]:
    """Return every gender that a cell names."""
    found = words(text)
    if len(found) == 1 and found[0] in _GENDER_CODES:
        return {_GENDER_CODES[found[0]]}
    return {_GENDER_WORDS[word] for word in found if word in _GENDER_WORDS}
