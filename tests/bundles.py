"""A campaign folder, packed and unpacked elsewhere; and the messages that are made of it in both places."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from notify.actions.bundle import Packed, own_files, packed
from notify.actions.bundle_folder import Unpacked, unpacked
from notify.actions.prepare import prepare
from notify.actions.run import begun
from notify.composing import Composer
from notify.config import Settings, load
from notify.core.bundle import as_json, read_bundle
from notify.core.campaign import Campaign
from notify.core.message import Message
from notify.delivery.composition import message_for
from notify.ledger import Claimed, Version
from tests.campaign import DATE, NOW, enrolled, handover_of


@dataclass
class Sent:
    """What a folder would send: to whom, which messages, made of what; and what other machines would be given."""

    settings: Settings
    campaign: Campaign
    claimed: Sequence[Claimed]
    messages: Sequence[Message]
    version: Version
    packed: Packed
    #: As which file each recipient's own one arrives, and its octets, by its name in the row and its digest.
    own: dict[tuple[str, str], tuple[str, bytes]] = field(default_factory=dict)

    @property
    def kept(self) -> str:
        """The bundle as it is kept."""
        return as_json(self.packed.bundle)


def sent_from(
    folder: Path, options: Mapping[str, object] | None = None, environment: Mapping[str, str] | None = None
) -> Sent:
    """Enrol everybody, make all messages, and pack the campaign."""
    settings = load(folder, options=options or {}, environment=environment or {}).accepting(["iban-with-contact"])
    prepared = prepare(settings)
    with begun(prepared, NOW, accept_change=False, rehearsal=False) as run:
        enrolled(run)
        claimed = handover_of(run).claim(1000, NOW)
        composer = Composer.of(prepared.campaign)
        messages = [message_for(one, DATE, prepared.template, composer) for one in claimed]
        looked_at = {pair for one in claimed for pair in one.fields.get("files", {}).items()}
        own = {
            (file.name, file.digest): (file.filename, octets)
            for file, octets in own_files(prepared.template, sorted(looked_at))
        }
        version = run.job.version
        return Sent(settings, prepared.campaign, claimed, messages, version, packed(prepared, version.number, NOW), own)


def brought(sent: Sent, folder: Path, *, gone: Path | None = None) -> Unpacked:
    """Unpack what was packed into another folder.

    :param gone: the folder of the campaign, which is removed before.
    """
    if gone is not None:
        shutil.rmtree(gone)
    octets = sent.packed.octets
    return unpacked(
        read_bundle(sent.kept), folder, octets.__getitem__, lambda name, digest: sent.own.get((name, digest))
    )


def made_elsewhere(sent: Sent, folder: Path, *, gone: Path | None = None) -> list[Message]:
    """Return the messages as they are made where the campaign was unpacked."""
    there = brought(sent, folder, gone=gone)
    assert there.campaign == sent.campaign
    composer = Composer.of(there.campaign)
    return [message_for(one, DATE, there.template, composer) for one in sent.claimed]


def everything_in(sent: Sent) -> bytes:
    """Return all that other machines are given, in one piece."""
    own = (part for (name, digest), (file, octets) in sent.own.items() for part in (f"{name}{digest}{file}", octets))
    pieces = [sent.kept, json.dumps(json.loads(sent.kept)), *sent.packed.octets.values(), *own]
    return b"\n".join(piece.encode() if isinstance(piece, str) else piece for piece in pieces)
