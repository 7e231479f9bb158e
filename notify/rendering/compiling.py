"""Compiles the message files of a template, for those who may see the same of a campaign."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from notify.core.audience import Sight
from notify.core.form import Wording
from notify.core.made import Made
from notify.rendering.body import Parts
from notify.rendering.compiled_message import CompiledMessage
from notify.rendering.engine import Engine
from notify.rendering.files import Files
from notify.rendering.layout import Layout
from notify.rendering.message_file import MessageFile
from notify.rendering.pictures import Pictures


class Compiled(NamedTuple):
    """The message files, compiled, with what they share."""

    messages: dict[Wording, CompiledMessage]
    layout: Layout
    pictures: Pictures


class Compiling:
    """Knows the files of a template, and compiles them as often as people may see something else."""

    def __init__(
        self, sources: Mapping[Wording, MessageFile], folder: Path, engine: Engine, files: Files, made: Made
    ) -> None:
        self._sources = sources
        self._folder = folder
        self._engine = engine
        self._files = files
        self._made = made

    def messages(self, sight: Sight) -> Compiled:
        """Return the messages as they are for all who may see this much.

        :raises InputError: something is missing or wrong in them; with file and line.
        """
        campaign = sight.seen
        made = {one.name: one.octets for one in self._made("de", campaign.change)}
        pictures = Pictures(self._files, campaign.sender.domain, made)
        layout = Layout(self._folder, self._engine, pictures, campaign.sender.logo)
        parts = Parts(self._engine, layout, self._files, pictures)
        messages = {
            wording: CompiledMessage(source, parts, sight, self._made) for wording, source in self._sources.items()
        }
        for text in self._engine.included.values():
            pictures.read_named(text)
        return Compiled(messages, layout, pictures)
