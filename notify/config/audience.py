"""The sections [[audience]]: which recipients may see which detail."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator

from notify.config.sections import About, Key, Section, Type
from notify.config.value_types import CONDITION, FILES, SWITCH, TEXT
from notify.config.values import as_written, listed
from notify.config.values import names as read_names
from notify.core.campaign import BANK_DETAILS, DETAIL_LABELS, Audience
from notify.core.record import record

#: The names of the details, by everything that people call them.
_BY_WORD = {word.casefold(): name for labels in DETAIL_LABELS.values() for name, word in labels.items()}
_BY_WORD |= {name: name for name in DETAIL_LABELS["en"]}


def detail_called(word: str) -> str:
    """Return the detail of this name, or of its word in a message: ``account_holder``, ``Kontoinhaber``.

    :raises ValueError: there is none; says which may be meant.
    """
    written = word.strip().casefold()
    if found := _BY_WORD.get(written) or _BY_WORD.get(written.replace(" ", "_").replace("-", "_")):
        return found
    near = difflib.get_close_matches(written, _BY_WORD, 1, 0.7)
    details = listed([*DETAIL_LABELS["en"]], "and")
    mend = f"did you mean {as_written(_BY_WORD[near[0]])}?" if near else f"there are {details}"
    raise ValueError(f"no detail is called {as_written(word)}; {mend}")


def _details(value: object) -> tuple[str, ...]:
    named = {*map(detail_called, read_names(value))}
    return tuple(name for name in DETAIL_LABELS["en"] if name in named)


DETAILS = Type("list of details, as in [change.new]", _details)


@record(frozen=True, slots=True)
class AudienceSettings:
    """A section [[audience]]: who belongs to it, and what they see that not everybody sees.

    With several of ``everybody``, ``files`` and ``where`` all of them must hold. ``public`` is everybody, and whoever
    reads the page of ``notify page``.
    """

    name: str = ""
    sees: tuple[str, ...] = ()
    everybody: bool = False
    public: bool = False
    files: tuple[str, ...] = ()
    where: str = ""

    def audience(self) -> Audience:
        """Return what a campaign has to know of it."""
        is_narrowed = bool(self.files or self.where)
        return Audience(
            self.name, frozenset(self.sees), self.everybody and not is_narrowed, self.public and not is_narrowed
        )


def _whole(made: AudienceSettings, failed: Collection[str]) -> Iterator[tuple[str, str]]:
    if not made.name and "name" not in failed:
        yield "name", 'it is missing; what these people are called, such as name = "customers"'
    if not made.sees and "sees" not in failed:
        yield "sees", f"it is missing; name the details, such as sees = [{', '.join(map(as_written, BANK_DETAILS))}]"
    if "iban" in made.sees and "account_holder" not in made.sees:
        what = "with the IBAN goes the name that the reader's bank compares with it (Regulation (EU) 2024/886)"
        yield "sees", f'{what}: name "account_holder" too'
    if made.public and (made.files or made.where):
        yield "public", "whoever reads the page is in no address list; leave out `files` and `where`, or this"
    is_told = made.everybody or made.public or made.files or made.where
    if not is_told and not {"everybody", "public", "files", "where"} & {*failed}:
        yield "where", "nobody is in it; write a condition here, or name files, or write everybody = true"


AUDIENCE = Section(
    ("audience",),
    About(
        "Who may see which detail. Bank details go to nobody unless an [[audience]] sees them; any other detail "
        "goes to everybody, until an [[audience]] names it: then to its members alone.",
        "Wer welche Angabe sehen darf. Bankdaten bekommt niemand, außer ein [[audience]] nennt sie in sees; jede "
        "andere Angabe bekommen alle, bis ein [[audience]] sie nennt: dann nur noch, wer dazugehört.",
        active=False,
    ),
    [
        Key(
            "name",
            TEXT,
            About("what these people are called", "wie diese Leute heißen", "customers"),
            has_variable=False,
        ),
        Key(
            "sees",
            DETAILS,
            About(
                "what they see: details as in [change.new]",
                "was sie sehen: Angaben wie in [change.new]",
                BANK_DETAILS,
            ),
            default=(),
            has_variable=False,
        ),
        Key(
            "everybody",
            SWITCH,
            About("everybody is in it", "alle gehören dazu", example=True),
            default=False,
            has_variable=False,
        ),
        Key(
            "public",
            SWITCH,
            About(
                "everybody, and whoever reads the page of `notify page`",
                "alle, und wer sonst die Seite von `notify page` liest",
            ),
            default=False,
            has_variable=False,
        ),
        Key(
            "where",
            CONDITION,
            About("or those for whom this holds", "oder die, für die das gilt", 'customer_number != ""', active=False),
            has_variable=False,
        ),
        Key(
            "files",
            FILES,
            About(
                "or those in these contact files",
                "oder die in diesen Adresslisten",
                ("contacts/kunden.csv",),
                active=False,
            ),
            default=(),
            has_variable=False,
        ),
    ],
    AudienceSettings,
    _whole,
)
