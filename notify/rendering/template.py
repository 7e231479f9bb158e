"""A template: everything that is needed to make content for any recipient of a campaign."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path, PurePath

from notify.core.audience import AUDIENCES, Sight, audiences_in
from notify.core.campaign import Campaign
from notify.core.file_read import FileRead
from notify.core.form import Form, Wording, chosen
from notify.core.made import Made, nothing_made
from notify.core.message import Attachment, Content, Filled
from notify.core.rendered import Proved, Rendered
from notify.errors import ChangedError, InputError
from notify.rendering.attachments import OwnFiles
from notify.rendering.branching import Field
from notify.rendering.compiled_message import CompiledMessage
from notify.rendering.compiling import Compiling
from notify.rendering.engine import Engine
from notify.rendering.files import FileError, Files, FolderFiles
from notify.rendering.mailmerge import read_mailmerge_file
from notify.rendering.message_file import Private, find_message_files
from notify.rendering.named import Named


class Template:
    """A template of a campaign, in all its languages and forms."""

    def __init__(
        self,
        path: Path,
        label: str,
        campaign: Campaign,
        root: Path,
        private: Private,
        *,
        made: Made = nothing_made,
        files: Files | None = None,
    ) -> None:
        """Read and compile it.

        :param label: its path as the user named it, for error messages.
        :param root: the campaign folder; files are looked for in the template's folder, then there.
        :param private: tells which files may be neither attached nor included.
        :param made: what notify attaches by itself, in each language.
        :param files: where its files come from, if not out of the two folders.
        :raises InputError: something is missing or wrong in it; with file and line.
        """
        foreign = read_mailmerge_file(path, label, campaign.language)
        sources = {foreign.wording: foreign} if foreign else find_message_files(path, label)
        folder = path if path.is_dir() else path.parent
        folder_label = label if path.is_dir() else str(PurePath(label).parent)
        engine = Engine(folder, folder_label, private, names_columns=foreign is not None)
        self._engine = engine
        self._campaign = campaign
        in_folder = FolderFiles(folder, root, private)
        self._files: Files = files or in_folder
        self._compile = Compiling(sources, folder, engine, self._files, made).messages
        self._messages, layout, pictures = self._compile(Sight(campaign))
        # what those read who may not see everything
        self._less: dict[frozenset[str], dict[Wording, CompiledMessage]] = {frozenset(): self._messages}
        # of a few languages, forms and audiences it is asked several times for each recipient
        self._chosen: dict[tuple[str, Form], Wording | None] = {}
        self._serving: dict[tuple[str, Form, object], CompiledMessage] = {}
        #: Its texts: in which language and form each of them is.
        self.wordings = tuple(sources)
        #: The languages it is written in.
        self.languages = tuple(dict.fromkeys(wording.language for wording in sources))
        #: Whether it prints notify's greeting.
        self.greets = foreign is None or "salutation" in engine.used
        #: What it names of a contact: all that has to be kept of one.
        self.named: Named = engine.named
        #: Whether it prints call-back codes.
        self.prints_codes = "code" in engine.used
        #: Everything it is made of, by name: texts as they are, attachments and pictures by their digest.
        self.parts: dict[str, str] = {source.label: source.text for source in sources.values()}
        self.parts |= {engine.label_of(name): text for name, text in engine.included.items()}
        self.parts |= {layout.label: layout.text} if layout.is_own else {}
        #: The texts of its files, by name.
        self.texts: dict[str, str] = dict(self.parts)
        texts_read: dict[str, str | None] = {source.path.name: source.text for source in sources.values()}
        texts_read |= {**engine.included, "layout.html": layout.text if layout.is_own else None}
        #: The texts by their names in its folder, as they were read.
        self.texts_read: dict[str, str] = {name: text for name, text in texts_read.items() if text is not None}
        #: The files that it is made of, and those that it would be made of if they were there.
        self.files_read: tuple[FileRead, ...] = (
            *(FileRead.of_text(folder / name, text) for name, text in texts_read.items()),
            *(FileRead(str(path), digest) for path, digest in in_folder.looked_for.items()),
        )
        #: The files that go with its messages to everybody, by their names in it.
        self.common_files: dict[str, Attachment] = pictures.files
        self.parts |= {f"{engine.label_of('')}: picture {name}": digest for name, digest in pictures.digests.items()}
        for message in self._messages.values():
            self.common_files |= message.attachments.files
            self.parts |= message.attachments.parts
            ours = made(message.language, campaign.change)
            self.parts |= {f"{one.name} ({message.language})": one.source for one in ours}

    def know_headers(self, headers: Collection[str]) -> None:
        """Take note of the columns of the contact files: an error about one that is missing names the nearest."""
        self._engine.know_headers(headers)

    def text_of(self, wording: Wording) -> str:
        """Return the message file of one of :attr:`wordings` as it is, with its header."""
        return self._messages[wording].text

    def label_of(self, wording: Wording) -> str:
        """Return how the user knows the message file of one of :attr:`wordings`."""
        return self._messages[wording].label

    def wording_for(self, language: str, form: Form) -> Wording | None:
        """Return which of its texts is for a reader of this language who is greeted in this form; None for no text.

        A text that asks for the form itself serves both, where there is none for the other.
        """
        asked_for = (language, form)
        if asked_for not in self._chosen:
            other = Wording(language, form.other)
            self._chosen[asked_for] = chosen(self.wordings, language, form) or (
                other if self.asks_for_form(other) else None
            )
        return self._chosen[asked_for]

    def asks_for_form(self, wording: Wording) -> bool:
        """Tell whether there is such a text, and it says one thing to those greeted with Sie, another with Du."""
        return wording in self._messages and self._messages[wording].asks_for_form

    def attachments_of(self, language: str, form: Form) -> tuple[Attachment, ...]:
        """Return what is attached to every message of a text; nothing where there is no text."""
        wording = self.wording_for(language, form)
        return self._messages[wording].common if wording else ()

    def own_file(self, name: str, digest: str) -> Attachment:
        """Return a file that only one recipient gets, as it was looked at.

        :param digest: what it was then.
        :raises ChangedError: it is another one by now, or is not there any more.
        """
        try:
            found = self._files.own(name, digest)
        except FileError as error:
            raise ChangedError(f"{error}.", hint=error.hint) from error
        if found.digest != digest:
            raise ChangedError(
                f"The attachment {name} has changed since this run looked at it.",
                hint="Begin again, with the files as they are to be sent:  notify send",
            )
        return found.attachment

    def has_own_files(self, language: str, form: Form) -> bool:
        """Tell whether the row of a contact can name files that only its message gets."""
        # asked of everybody
        serving = self._serving.get((language, form, None))
        if serving is None:
            if self.wording_for(language, form) is None:
                return False
            serving = self._message_for(language, form, {}, "")
        return serving.attachments.has_own

    def own_files(
        self,
        language: str,
        salutation: str,
        fields: Mapping[str, Field],
        who: str,
        *,
        form: Form = Form.FORMAL,
    ) -> OwnFiles:
        """Look at the files that only one recipient gets.

        :raises InputError: no text for this form, or their names cannot be rendered.
        """
        message = self._message_for(language, form, fields, who)
        return message.attachments.own(message.variables(salutation, fields, form), who)

    def fill(
        self,
        language: str,
        salutation: str,
        fields: Mapping[str, Field],
        who: str,
        *,
        form: Form = Form.FORMAL,
    ) -> Filled:
        """Find what one recipient reads, without writing it out.

        :param fields: what :attr:`named` kept of the contact: ``{"contact": {…}, "row": {…}}``; ``"files"``, the
            digests of its own ones as :meth:`own_files` found them, once it was enrolled; its ``"code"``, if the
            template prints codes, its ``"token"``, if a newsletter has a page to unsubscribe, and its ``"audiences"``.
        :param who: where the contact stands, for error messages.
        :param form: how the recipient is greeted.
        :raises ChangedError: one of its own files is another one than it was.
        :raises WithheldError: it would tell what none of its audiences may see.
        :raises InputError: no text for this form, an undefined variable, or whatever else goes wrong; with file, line
            and contact.
        """
        return self._message_for(language, form, fields, who).fill(salutation, fields, who, form)

    def render(
        self, language: str, salutation: str, fields: Mapping[str, Field], who: str, *, form: Form = Form.FORMAL
    ) -> Content:
        """Make the content for one recipient.

        :raises InputError: as :meth:`fill` does.
        """
        return self.fill(language, salutation, fields, who, form=form).content

    def prove(
        self, language: str, salutation: str, fields: Mapping[str, Field], who: str, *, form: Form = Form.FORMAL
    ) -> Proved:
        """Tell that :meth:`render` makes the content, without making it, and what is known of its words.

        :raises ChangedError: as :meth:`fill` does.
        :raises InputError: as :meth:`fill` does.
        """
        return self._message_for(language, form, fields, who).prove(salutation, fields, who, form)

    def rendered(
        self, language: str, salutation: str, fields: Mapping[str, Field], who: str, *, form: Form = Form.FORMAL
    ) -> Rendered:
        """Make the content as :meth:`render` does; with what is known of its words."""
        proved = self.prove(language, salutation, fields, who, form=form)
        return Rendered(proved.content, proved.wording, proved.values)

    def shape(
        self, language: str, salutation: str, fields: Mapping[str, Field], who: str, *, form: Form = Form.FORMAL
    ) -> str:
        """Return a digest of what a recipient reads without its values: the same where the same branches are taken.

        :raises InputError: no text for this form.
        """
        return self._message_for(language, form, fields, who).shape(salutation, fields, who, form)

    def _message_for(self, language: str, form: Form, fields: Mapping[str, Field], who: str) -> CompiledMessage:
        """Return what makes the message of a recipient: by language and form, and by what its audiences may see."""
        audiences = fields.get(AUDIENCES)
        serving = self._serving.get((language, form, audiences))
        if serving is not None:
            return serving
        wording = self.wording_for(language, form)
        if wording is None:
            raise InputError(f"There is no message.{Wording(language, form)}.md for the contact at {who}.")
        sight = Sight.of(self._campaign, audiences_in(audiences))
        if sight.hidden not in self._less:
            self._less[sight.hidden] = self._compile(sight).messages
        return self._serving.setdefault((language, form, audiences), self._less[sight.hidden][wording])
