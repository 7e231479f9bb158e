"""What a domain wants done with mail that does not prove to be its own (DMARC, RFC 9989): by a walk up the tree."""

from __future__ import annotations

from collections.abc import Iterator

from notify.core.late_pattern import late_pattern
from notify.core.name_records import Answered, Ask
from notify.core.record import record

#: The walk goes to the domain itself, then to at most so many labels (4.10).
_MOST_LABELS = 8
_VERSION = late_pattern(r"v\s*=\s*DMARC1\s*(?:;|$)")
_POLICIES = ("none", "quarantine", "reject")


@record(frozen=True, slots=True)
class Dmarc:
    """What holds for a domain. ``at`` is where its record stands; empty where there is none.

    ``policy`` is ``none``, ``quarantine`` or ``reject``; ``organization`` the domain within which others count as one's
    own. ``is_strict_spf``: only the very same domain does. ``several`` are records of which none counts then, ``flaw``
    says what in the record is not understood.
    """

    organization: str
    at: str = ""
    policy: str = ""
    is_strict_spf: bool = False
    is_test: bool = False
    several: tuple[str, ...] = ()
    flaw: str = ""
    is_known: bool = True


def read_dmarc(domain: str, ask: Ask) -> Dmarc:
    """Find what holds for a domain."""
    found: list[tuple[str, dict[str, str]]] = []
    several: tuple[str, ...] = ()
    is_known = True
    for name in _walk(domain):
        answer = ask(f"_dmarc.{name}", "TXT")
        is_known &= answer.is_known
        records = [text for text in answer.records if _VERSION.match(text.strip())]
        if len(records) > 1 and name == domain:
            several = tuple(records)
        if len(records) == 1:
            found.append((name, _tags(records[0])))
            if found[-1][1].get("psd") in ("n", "y"):
                break
    organization = _organization(domain, found)
    at, tags = _applicable(domain, organization, found)
    policy, flaw = _policy(at, domain, tags, ask) if at else ("", "")
    return Dmarc(
        organization,
        at,
        policy,
        is_strict_spf=tags.get("aspf", "r").lower() == "s",
        is_test=tags.get("t", "n").lower() == "y",
        several=several,
        flaw=flaw,
        is_known=is_known,
    )


def is_aligned(domain: str, other: str, dmarc: Dmarc, ask: Ask) -> bool | None:
    """Tell whether a domain that SPF has proved counts as that of the sender (4.4); None where it cannot be known."""
    if domain == other:
        return True
    if dmarc.is_strict_spf:
        return False
    theirs = read_dmarc(other, ask)
    if not (dmarc.is_known and theirs.is_known):
        return None
    return dmarc.organization == theirs.organization


def _walk(domain: str) -> Iterator[str]:
    """Yield the domain, and those above it; of a long one some are left out (4.10)."""
    labels = domain.split(".")
    yield domain
    rest = labels[1:] if len(labels) < _MOST_LABELS else labels[-(_MOST_LABELS - 1) :]
    for start in range(len(rest)):
        yield ".".join(rest[start:])


def _organization(domain: str, found: list[tuple[str, dict[str, str]]]) -> str:
    """Return the organizational domain (4.10.2)."""
    if not found:
        return domain
    name, tags = found[-1]
    if tags.get("psd") == "y" and name != domain:
        # the domain one label below that of a public suffix
        return ".".join(domain.split(".")[-(name.count(".") + 2) :])
    return name


def _applicable(domain: str, organization: str, found: list[tuple[str, dict[str, str]]]) -> tuple[str, dict[str, str]]:
    """Return which record holds: that of the domain, of its organization, or of the public suffix above (4.10.1)."""
    by_name = dict(found)
    for name in (domain, organization, *([found[-1][0]] if found else [])):
        if name in by_name:
            return name, by_name[name]
    return "", {}


def _policy(at: str, domain: str, tags: dict[str, str], ask: Ask) -> tuple[str, str]:
    """Return the policy that a record has for a domain, and what in it is not understood."""
    keys = ["p"]
    if at != domain:
        keys = ["np", "sp", "p"] if ask(domain, "A").answered is Answered.NOWHERE else ["sp", "p"]
    given = next((tags[key] for key in keys if key in tags), "")
    if given.lower() in _POLICIES:
        return given.lower(), ""
    # without a policy it asks for reports, and for nothing else (4.7)
    return "none", f'its policy is "{given}", which is none' if given else ""


def _tags(record: str) -> dict[str, str]:
    pairs = (part.partition("=") for part in record.split(";"))
    return {name.strip().lower(): value.strip() for name, _, value in pairs if name.strip()}
