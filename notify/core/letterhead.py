"""What the law wants on business letters, and so on mails to customers and suppliers: a few lines at their foot."""

from __future__ import annotations

from notify.core.record import record

_WORDS = {
    "de": {
        "form": "Rechtsform: ",
        "seat": "Sitz: ",
        "register": "Registergericht: ",
        "managing_directors": "Geschäftsführung: ",
        "board": "Vorstand: ",
        "chair": " (Vorsitz)",
        "supervisory_chair": "Vorsitz des Aufsichtsrats: ",
        "general_partner": "Persönlich haftend: ",
    },
    "en": {
        "form": "Legal form: ",
        "seat": "Registered office: ",
        "register": "Registered at: ",
        "managing_directors": "Managing directors: ",
        "board": "Executive board: ",
        "chair": " (chair)",
        "supervisory_chair": "Chair of the supervisory board: ",
        "general_partner": "General partner: ",
    },
    "fr": {
        "form": "Forme juridique : ",
        "seat": "Siège : ",
        "register": "Registre : ",
        "managing_directors": "Gérance : ",
        "board": "Directoire : ",
        "chair": " (présidence)",
        "supervisory_chair": "Présidence du conseil de surveillance : ",
        "general_partner": "Associé commandité : ",
    },
}

#: Between what stands on one line.
_DOT = " · "


@record(frozen=True, slots=True)
class Letterhead:
    """A firm as its register knows it. Without a legal form there are no lines; whatever else is empty is left out."""

    legal_form: str = ""
    legal_name: str = ""
    seat: str = ""
    register_court: str = ""
    register_number: str = ""
    managing_directors: tuple[str, ...] = ()
    board: tuple[str, ...] = ()
    board_chair: str = ""
    supervisory_chair: str = ""
    general_partner: str = ""

    def lines(self, language: str) -> list[str]:
        """Return the lines, in the words of a language."""
        if not self.legal_form:
            return []
        words = _WORDS[language]
        form = "" if self.legal_form.casefold() in self.legal_name.casefold() else self.legal_form
        register = ", ".join(filter(None, (self.register_court, self.register_number)))
        lines = [
            [("", self.legal_name), ("form", form)],
            [("seat", self.seat), ("register", register)],
            [("general_partner", self.general_partner)],
            [("managing_directors", ", ".join(self.managing_directors)), ("board", self._board(words["chair"]))],
            [("supervisory_chair", self.supervisory_chair)],
        ]
        written = (_DOT.join(f"{words.get(name, '')}{text}" for name, text in line if text) for line in lines)
        return [line for line in written if line]

    def _board(self, chair: str) -> str:
        members = [name for name in self.board if name != self.board_chair]
        first = [f"{self.board_chair}{chair}"] if self.board_chair else []
        return ", ".join([*first, *members])
