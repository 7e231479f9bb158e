"""What is answered to each request, once it was admitted: pages and their pieces, messages and their files."""

from __future__ import annotations

import functools
import re
import threading
from collections.abc import Callable, Mapping
from http import HTTPStatus

from notify.core.late_pattern import late_pattern
from notify.core.record import record
from notify.errors import NotifyError
from notify.pages.frame import View, framed, framed_text
from notify.pages.letter import Letter, read_letter
from notify.pages.paper import Paper, read_file
from notify.pages.shown import Item, Shown, Trouble, Wanted

#: For the page itself: its own files, and nothing that is not ours.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "frame-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
#: For what is no page: whatever it may be, nothing in it runs.
_CLOSED = "sandbox; default-src 'none'; frame-ancestors 'none'"
_HTML, _TEXT = "text/html; charset=utf-8", "text/plain; charset=utf-8"
_FILES = {
    "/page.css": ("page.css", "text/css; charset=utf-8"),
    "/page.js": ("page.js", "text/javascript; charset=utf-8"),
    "/list.js": ("list.js", "text/javascript; charset=utf-8"),
    "/stage.js": ("stage.js", "text/javascript; charset=utf-8"),
    "/approval.js": ("approval.js", "text/javascript; charset=utf-8"),
    "/correction.js": ("correction.js", "text/javascript; charset=utf-8"),
    "/icon.svg": ("icon.svg", "image/svg+xml"),
}
_OF_A_MESSAGE = late_pattern(r"/message/(\d{1,9})(?:/([a-z]+)(?:/(\d{1,4}))?)?")
#: How many entries are sent at once.
_MOST = 500


@record(frozen=True, slots=True)
class Asked:
    """A request that was admitted: its path, its query, and for a POST the fields of its form."""

    path: str
    query: Mapping[str, str]
    language: str
    form: Mapping[str, str] | None = None

    def number(self, name: str, otherwise: int = 0) -> int:
        """Return a number of the query."""
        text = self.query.get(name, "")
        return int(text) if re.fullmatch(r"-?\d{1,9}", text) else otherwise

    @property
    def wanted(self) -> Wanted:
        """The entries that are asked for."""
        return Wanted(self.query.get("words", "")[:200], self.query.get("group", "")[:200])


@record(frozen=True, slots=True)
class Answer:
    """What is sent back. ``saved_as``: the browser saves it under this name instead of showing it."""

    body: bytes
    content_type: str = _HTML
    status: HTTPStatus = HTTPStatus.OK
    policy: str = _CLOSED
    saved_as: str = ""


NOT_FOUND = Answer(b"There is nothing here.\n", _TEXT, HTTPStatus.NOT_FOUND)


class Answers:
    """Answers for one page."""

    def __init__(self, shown: Shown, title: str) -> None:
        """Answer with what is shown.

        :param title: the command that shows it, to start it again.
        """
        self._shown = shown
        self._title = title
        self._paper = Paper()
        self._making = threading.Lock()
        self._letter = functools.lru_cache(maxsize=8)(read_letter)
        self._item = functools.lru_cache(maxsize=8)(lambda number, _: shown.item(number))

    def answer(self, asked: Asked) -> Answer:
        """Return the answer to a request."""
        if asked.path in _FILES:
            name, content_type = _FILES[asked.path]
            return Answer(read_file(name), content_type)
        if (found := _OF_A_MESSAGE.fullmatch(asked.path)) is not None:
            return self._of_a_message(asked, int(found[1]), found[2] or "", int(found[3] or 0))
        piece = (self._pieces if asked.form is None else self._deeds).get(asked.path)
        return NOT_FOUND if piece is None else piece(self, asked)

    def _page(self, asked: Asked) -> Answer:
        page = self._paper.write("page.html", asked.language, command=self._title, title=self._shown.strip().title)
        return Answer(page, policy=POLICY)

    def _strip(self, asked: Asked) -> Answer:
        return self._written(asked, "strip.html", strip=self._shown.strip(), progress=self._shown.progress())

    def _state(self, asked: Asked) -> Answer:
        return self._written(asked, "state.html", progress=self._shown.progress(), trouble=self._shown.trouble())

    def _groups(self, asked: Asked) -> Answer:
        return self._written(
            asked,
            "groups.html",
            groups=self._shown.groups(),
            noticed=self._shown.noticed(),
            total=self._shown.strip().recipients,
        )

    def _list(self, asked: Asked) -> Answer:
        first, count = max(0, asked.number("first")), min(_MOST, max(1, asked.number("count", 100)))
        entries = self._shown.entries(asked.wanted, first, count)
        return self._written(asked, "list.html", entries=entries, progress=self._shown.progress())

    def _beside(self, asked: Asked) -> Answer:
        found = self._shown.beside(asked.wanted, asked.number("number", -1), asked.number("steps", 1))
        return Answer(b"" if found is None else str(found).encode(), _TEXT)

    def _place(self, asked: Asked) -> Answer:
        found = self._shown.number_of(asked.query.get("key", ""))
        return Answer(b"" if found is None else str(found).encode(), _TEXT)

    def _approval(self, asked: Asked) -> Answer:
        try:
            proposed = self._shown.propose()
        except NotifyError as error:
            return self._refused(asked, "approval.html", error)
        return self._written(asked, "approval.html", proposed=proposed, trouble=None)

    def _approve(self, asked: Asked) -> Answer:
        form = asked.form or {}
        try:
            self._shown.approve(form.get("name", ""), form.get("mark", ""))
        except NotifyError as error:
            return self._refused(asked, "approval.html", error)
        return Answer(b"", _TEXT, HTTPStatus.NO_CONTENT)

    _deeds: Mapping[str, Callable[[Answers, Asked], Answer]] = {"/approval": _approval, "/approve": _approve}
    _pieces: Mapping[str, Callable[[Answers, Asked], Answer]] = {
        "/": _page,
        "/strip": _strip,
        "/state": _state,
        "/groups": _groups,
        "/list": _list,
        "/beside": _beside,
        "/place": _place,
    }

    def _of_a_message(self, asked: Asked, number: int, part: str, file: int) -> Answer:
        with self._making:
            # the page asks for a message and for what is known of it at once
            item = self._item(number, self._shown.version)
        if item is None:
            return NOT_FOUND
        if asked.form is not None:
            return self._corrected(asked, item, part)
        letter = self._letter(item.octets)
        if part == "":
            return self._written(asked, "message.html", item=item, letter=letter)
        if part == "file":
            return _file(letter, file, saved="save" in asked.query)
        if part == "eml":
            return Answer(item.octets, "message/rfc822", saved_as=f"message-{number + 1}.eml")
        return _body(asked, item, letter, part)

    def _corrected(self, asked: Asked, item: Item, part: str) -> Answer:
        """Answer to a correction: with what would change, or once it was written with nothing."""
        assert asked.form is not None  # noqa: S101  # it was asked before
        names = {choice.name for choice in item.choices}
        values = {name: value[:200] for name, value in asked.form.items() if name in names}
        try:
            if part == "draft":
                draft = self._shown.draft(item.number, values)
                return self._written(asked, "draft.html", draft=draft, trouble=None)
            if part == "correct":
                self._shown.correct(item.number, values, asked.form.get("mark", ""))
                return Answer(b"", _TEXT, HTTPStatus.NO_CONTENT)
        except NotifyError as error:
            return self._refused(asked, "draft.html", error)
        return NOT_FOUND

    def _refused(self, asked: Asked, name: str, error: NotifyError) -> Answer:
        return self._written(asked, name, trouble=Trouble(error.message, error.hint, error.problems))

    def _written(self, asked: Asked, name: str, **values: object) -> Answer:
        return Answer(self._paper.write(name, asked.language, **values))


def _body(asked: Asked, item: Item, letter: Letter, part: str) -> Answer:
    """Answer with what stands in the frame."""
    off = {name for name, value in asked.query.items() if value == "0"}
    view = View(style="style" not in off, pictures="pictures" not in off, dark=asked.query.get("dark") == "1")
    if part == "html":
        return Answer(framed(letter.html, view).encode() if letter.html else b"", policy=view.policy)
    texts = {"text": letter.text, "source": item.octets.decode("utf-8", "replace").replace("\r\n", "\n")}
    if part in texts:
        return Answer(framed_text(texts[part], view).encode(), policy=view.policy)
    return NOT_FOUND


def _file(letter: Letter, number: int, *, saved: bool) -> Answer:
    """Answer with a file of a message; what a browser might run is only ever saved."""
    if not 0 < number <= len(letter.files):
        return NOT_FOUND
    file = letter.files[number - 1]
    if saved or not file.is_shown:
        return Answer(file.octets, "application/octet-stream", saved_as=file.saved_as)
    kind = _TEXT if file.content_type == "text/plain" else file.content_type
    # the browser's own reader of PDFs does not work in a sandbox
    policy = "default-src 'none'; object-src 'self'; frame-ancestors 'none'" if kind == "application/pdf" else _CLOSED
    return Answer(file.octets, kind, policy=policy)
