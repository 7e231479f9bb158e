"""Old details that are called new, and new ones that are called old; replies that would go to the old address."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from urllib.parse import urlsplit

from notify.checks.facts import Facts
from notify.checks.nearness import near_address
from notify.checks.prose import sentences
from notify.checks.remark import Remark
from notify.checks.typed_values import ADDRESS, as_announced
from notify.core.late_pattern import late_pattern
from notify.core.rendered import Wording

_CALLED_NEW = (
    # "Neues aus unserer Arbeit" tells news, and calls nothing new
    r"neue?[nrm]?|neues(?! (?:aus|von|vom|über|zu|zum|zur)\b)"
    r"|künftig\w*|zukünftig\w*|ab sofort|jetzt|nun|sondern|danach|dann|new|now|then|afterwards?|from now on"
    r"|instead(?! of)|nouve(?:au|lle|aux|lles)|désormais|dorénavant|ensuite|puis"
)
_CALLED_OLD = (
    r"alte?[nrsm]?|bisher\w*|bislang|ehemalig\w*|früher\w*|vorherig\w*|bis|nicht mehr|statt|anstatt|anstelle|ersetzt"
    r"|löst|old|former\w*|previous\w*|until|no longer|instead of|replac\w+|ancien\w*|précédent\w*|jusqu\w*"
    r"|remplac\w+"
)
#: Such a word is no part of an address, as in info@alt.example.
_MARK = late_pattern(rf"(?<![\w@./\-])(?:(?P<new>{_CALLED_NEW})|(?P<old>{_CALLED_OLD}))(?![\w@\-]|\.\w)", re.IGNORECASE)
#: A word about old or new is said of what stands so close behind it.
_REACH = 50


def old_called_new(wording: Wording, facts: Facts) -> Iterator[Remark]:
    """Yield the details that a sentence calls the wrong way."""
    values = [(value, "old", name) for name, value in facts.old_only.items()]
    values += [(value, "new", name) for name, value in facts.new_only.items()]
    for sentence in sentences(as_announced(f"{wording.read.subject}\n{wording.read.text}", facts)):
        for value, side, name in values:
            if len(value) >= 5 and (said := called(sentence, value, [other for other, *_ in values])) and said != side:
                place = facts.place(f"change.{side}.{name}")
                what = f"{value} is called {said} in the text, but it is the {side} one ({place})"
                yield Remark("old-called-new", what, "Mend the sentence, or swap the two in notify.toml.", value)


def side_of(head: str) -> str:
    """Return whether the head of a column says ``old`` or ``new``; empty when it says neither, or both."""
    sides = {"new" if found["new"] else "old" for found in _MARK.finditer(head)}
    return sides.pop() if len(sides) == 1 else ""


def is_called_old(sentence: str) -> bool:
    """Tell whether something in a sentence is called old."""
    return any(found["old"] for found in _MARK.finditer(sentence))


def of_settings(facts: Facts) -> Iterator[Remark]:
    """Yield what is swapped in notify.toml itself."""
    change, sender = facts.campaign.change, facts.campaign.sender
    old, new = change.old, change.new
    if old.email and new.email and old.email != new.email and sender.reply_to == old.email == _other(facts):
        what = f"replies would go to the old address, {old.email}, though the message comes from the new one"
        mend = "Set reply_to in [sender] to the new address, or swap [change.old] and [change.new]."
        yield Remark("old-called-new", what, mend, where=facts.place("sender.reply_to"))
    yield from _answers_in_texts(facts)
    domains = [address.rpartition("@")[2].casefold() for address in (old.email, new.email)]
    hosts = [(urlsplit(site).hostname or "").removeprefix("www.") for site in (old.website, new.website)]
    if all(domains) and domains[0] != domains[1] and hosts == domains[::-1]:
        what = f"the new address is at the domain of the old website, {hosts[0]}, and the other way round"
        mend = "Are [change.old] and [change.new] swapped in one of the two?"
        yield Remark("old-called-new", what, mend, where=facts.place("change.new.website"))


def _answers_in_texts(facts: Facts) -> Iterator[Remark]:
    """Yield a Reply-To: in the head of a text that is the old address, or one of one's own with a slip in it."""
    change = facts.campaign.change
    for label, text in facts.texts.items():
        head = text.partition("\n\n")[0]
        for number, line in enumerate(head.split("\n"), start=1):
            name, _, value = line.partition(":")
            found = ADDRESS.search(value)
            if name.strip().casefold() != "reply-to" or found is None:
                continue
            address = found[0].casefold()
            if address == change.old.email.casefold() != change.new.email.casefold() and change.new.email:
                what = f"answers would go to the old address, {found[0]}"
                mend = "Write  Reply-To: {{ new.email }}  or leave the line out."
                yield Remark("old-called-new", what, mend, where=f"{label}:{number}")
            elif address not in facts.own_addresses:
                near = next((own for own in facts.own_addresses if near_address(address, own)), "")
                if near:
                    what = f"answers would go to {found[0]}, and {facts.place(facts.own_addresses[near])} says {near}"
                    yield Remark("contradicts-change", what, "Mend one of them.", where=f"{label}:{number}")


def _other(facts: Facts) -> str:
    """Return the old address where the message comes from the new one."""
    change = facts.campaign.change
    return change.old.email if facts.campaign.sender.mailbox.address == change.new.email else ""


def called(sentence: str, value: str, values: Collection[str]) -> str:
    """Return whether a sentence calls a value old or new; empty when it calls it neither."""
    if value not in sentence:
        return ""
    for found in re.finditer(rf"(?<![\w@.+\-]){re.escape(value)}(?![\w@]|\.\w)", sentence):
        before = sentence[: found.start()]
        marks = [*_MARK.finditer(before)]
        if not marks or len(before) - marks[-1].end() > _REACH:
            continue
        between = before[marks[-1].end() :]
        if not any(other in between for other in values):
            return "new" if marks[-1]["new"] else "old"
    return ""
