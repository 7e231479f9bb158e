"""``notify check``."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notify.cli import who_sees
from notify.cli.exits import Exit
from notify.cli.findings import GRAVITY, record_of
from notify.cli.options import campaign_options, json_option, load_settings, name_server, shared, where_option
from notify.cli.own_mailboxes import proved_lines
from notify.cli.own_mailboxes import records as mailbox_records
from notify.cli.screen import duration, emit, how_many, moment, note, password_asker, put, warn
from notify.core.finding import Severity

if TYPE_CHECKING:
    from notify.actions.checkup import Checkup, Expected
    from notify.actions.checkup_relays import LetIn
    from notify.actions.prepare import Prepared
    from notify.core.finding import Finding

_HEADS = (
    (Severity.ERROR, "Must be mended before it is sent", "red"),
    (Severity.WARNING, "Should be looked at", "yellow"),
    (Severity.INFO, "Good to know", "cyan"),
)


@click.command(short_help="Find what would go wrong before anything leaves.")
@click.option("--offline", is_flag=True, help="Ask nothing of the network.")
@click.option(
    "--resolver", type=name_server, metavar="ADDR[:PORT]", help="Ask this server of names, not those of this machine."
)
@click.option(
    "--who-sees",
    "seen",
    callback=who_sees.detail,
    metavar="DETAIL",
    help="Show only who would see a detail, such as iban, by looking at every message.",
)
@click.option("--all", "everybody", is_flag=True, help="With --who-sees: name all of them.")
@where_option
@campaign_options
@json_option
@click.pass_obj
def check(
    folder: Path,
    offline: bool,
    resolver: tuple[str, int] | None,
    seen: str | None,
    everybody: bool,
    where: str | None,
    contacts: tuple[str, ...],
    template: str | None,
    sender: str | None,
    as_json: bool,
) -> int:
    """Find what would go wrong before anything leaves: in settings, announced details, texts, contacts and plan.

    Unless --offline, it asks DNS about your own domains and those of recipients, visits the announced website, and logs
    in to your mail server and leaves again. What must be mended comes first, each with its mend; the forecast comes
    last. Nothing is sent, and nothing is recorded of anybody.
    """
    from notify.actions.checkup import Checkup, rehearse
    from notify.actions.checkup import check as look
    from notify.actions.prepare import prepare
    from notify.cli.walks import Walks, enrolling
    from notify.errors import ConfigError, InputError

    if everybody and not seen:
        raise click.UsageError("--all belongs to --who-sees, such as  --who-sees iban --all")
    if seen:
        prepared = prepare(load_settings(folder, shared(contacts, template, sender)), where or "")
        return who_sees.show(prepared, seen, everybody=everybody, as_json=as_json)
    checkup = Checkup()
    try:
        settings = load_settings(folder, shared(contacts, template, sender))
        for line in settings.notes:
            note(line)
        checkup = Checkup(settings.checks.silence)
        prepared = prepare(settings, where or "")
        now = dt.datetime.now(dt.UTC)
        look(prepared, checkup, now, Walks(prepared.sources))
        is_there = not offline and _ask_the_net(prepared, checkup, resolver or ("", 53))
        rehearse(prepared, checkup, now, lambda steps: enrolling(steps, prepared, "Rehearsing"))
        if not offline:
            _try_the_relays(prepared, checkup, is_there=is_there)
            _try_the_mailbox(prepared, checkup, is_there=is_there)
    except (ConfigError, InputError) as error:
        checkup.fail(error)
    if as_json:
        emit(_record(checkup))
    else:
        _show(checkup)
    return _status(checkup)


def _ask_the_net(prepared: Prepared, checkup: Checkup, resolver: tuple[str, int]) -> bool:
    """Say what is asked of the network, then ask DNS and the websites; tell whether there is a network."""
    from notify.actions.checkup_online import check_online, sites_of
    from notify.actions.checkup_relays import routes_to_try
    from notify.actions.mail_hosts import counts_by_host
    from notify.cli.send_progress import reading
    from notify.lookups import Names

    sites = "".join(f", and visits {site}" for site in sites_of(prepared))
    domains = how_many(len(checkup.domains), "domain")
    routes = routes_to_try(prepared)
    logs_in = "".join(f"; logs in to {route.name} and leaves again" for route in routes)
    if prepared.settings.mailbox.host:
        logs_in += f"; does so at {prepared.settings.mailbox.host}, too"
    asks = f"Asks DNS about your own domains and {domains} of recipients{sites}{logs_in}."
    note(f"{asks} Without the network:  --offline")
    is_there = check_online(prepared, checkup, Names(*resolver), lambda steps: reading(steps, "Asking about domains"))
    if checkup.exchangers and counts_by_host(prepared.settings):
        _note_the_hosts(prepared, checkup)
    return is_there


def _note_the_hosts(prepared: Prepared, checkup: Checkup) -> None:
    """Note at which hosts the recipients have their mail, for the pace of the runs, and say where most are."""
    from notify.actions.mail_hosts import most_at, note_hosts
    from notify.core.mail_host import MailHosts
    from notify.errors import WriteError

    try:
        note_hosts(prepared.settings, checkup.exchangers, dt.date.today())  # noqa: DTZ011  # the day of this machine
    except WriteError as error:
        warn(f"{error.message} {error.hint}")
    counts = {domain: count for domain, (count, _) in checkup.domains.items()}
    host, most, hosts = most_at(MailHosts(checkup.exchangers), counts)
    note(f"{how_many(hosts, 'mail host')}; most recipients are at {host}: {most:,} of {sum(counts.values()):,}.")


def _try_the_relays(prepared: Prepared, checkup: Checkup, *, is_there: bool) -> None:
    """Log in to each relay that can be reached, and say which lets us in.

    :param is_there: there is a network; one on this machine needs none.
    """
    import os

    from notify.actions.checkup_relays import check_relays, on_this_machine, routes_to_try
    from notify.actions.ledgers import outbox_folder
    from notify.cli.screen import size
    from notify.delivery.accounts import accounts_of

    routes = [route for route in routes_to_try(prepared) if is_there or on_this_machine(route)]
    if not routes:
        return
    outbox = outbox_folder(prepared.settings)
    with accounts_of(routes, outbox, os.environ, password_asker()) as accounts:
        for relay in check_relays(prepared, checkup, routes, accounts):
            offered = relay.offered
            limit = f", and takes messages up to {size(offered.limit)}" if offered.limit else ""
            note(f"{offered.name} lets us in{' (TLS)' if relay.is_encrypted else ''}{limit}.")
            checkup.let_in.append(relay)


def _try_the_mailbox(prepared: Prepared, checkup: Checkup, *, is_there: bool) -> None:
    """Log in to the mailbox in [mailbox], if there is one and it can be reached, and say whether it lets us in."""
    import os

    from notify.actions.checkup_mailbox import check_mailbox
    from notify.actions.probe import mailbox_account
    from notify.config.server import is_loopback

    account = mailbox_account(prepared.settings, os.environ, password_asker())
    if account and (is_there or is_loopback(account.host)) and check_mailbox(prepared, checkup, account):
        note(f"{account.name} lets us in{' (TLS)' if account.tls != 'none' else ''}.")


def _show(checkup: Checkup) -> None:
    """Write what was found, by gravity, and what is to be expected."""
    findings = checkup.findings()
    for severity, head, colour in _HEADS:
        if group := [finding for finding in findings if finding.severity is severity]:
            put(head=f"{head} ({len(group):,})", fg=colour, bold=True)
            for finding in group:
                _show_finding(finding)
            put()
    if checkup.mailboxes:
        for line in proved_lines(checkup.mailboxes, with_signature=True):
            put(line)
    if not findings:
        put("Nothing was found that would go wrong.")
    looked = how_many(checkup.messages, "message")
    put(f"{looked} looked at. {_in_words(checkup.expected)}" if checkup.messages else "No message could be looked at.")


def _show_finding(finding: Finding) -> None:
    place = f"{finding.where}: " if finding.where else ""
    stop = "" if finding.what.endswith("?") else "."
    put(_indented(f"  {place}{finding.what}{stop} ({finding.name})"), hang=4)
    if finding.mend:
        put(_indented(f"    {finding.mend}"), hang=4)


def _indented(text: str) -> str:
    return text.replace("\n", "\n    ")


def _in_words(expected: Expected | None) -> str:
    """Return what a run would do now, as a sentence."""
    if expected is None:
        return "As it stands, nothing can be sent."
    if not expected.recipients:
        return "The sandbox has everything already." if expected.forecast is None else "Nobody is left to be sent to."
    who = how_many(expected.recipients, "recipient")
    if expected.forecast is None:
        return f"{who}; without a [[relay]] everything goes to the sandbox, and nothing leaves this machine."
    takes = f"{who}: {duration(expected.forecast.takes_s)}, done {moment(expected.forecast.done)} if it begins now."
    late = " The deadline is before that: whoever still waits then, expires." * expected.forecast.misses_deadline
    return takes + late


def _record(checkup: Checkup) -> dict[str, object]:
    """Return the same for programs."""
    findings = [record_of(finding) | {"severity": GRAVITY[finding.severity]} for finding in checkup.findings()]
    expected, forecast = checkup.expected, checkup.expected and checkup.expected.forecast
    return {
        "findings": findings,
        "mailboxes": mailbox_records(checkup.mailboxes) if checkup.mailboxes else [],
        "messages": checkup.messages,
        "recipients": expected.recipients if expected else 0,
        "takes_s": round(forecast.takes_s) if forecast else None,
        "done": forecast.done.astimezone().isoformat(timespec="seconds") if forecast else None,
        "misses_deadline": forecast.misses_deadline if forecast else None,
        "relays": [*map(_relay_record, checkup.let_in)],
    }


def _relay_record(relay: LetIn) -> dict[str, object]:
    """Return what a relay has offered."""
    offered = relay.offered
    extensions = {name: name in offered.features for name in ("pipelining", "8bitmime", "smtputf8")}
    return {
        "name": offered.name,
        "encrypted": relay.is_encrypted,
        "largest_message": offered.limit or None,
    } | extensions


def _status(checkup: Checkup) -> int:
    """Return the exit status: whether something must be mended, and whether all of that stands in notify.toml."""
    from notify.actions.check import is_about_settings

    grave = [finding for finding in checkup.findings() if finding.severity is Severity.ERROR]
    if not grave:
        return Exit.DONE
    return Exit.CONFIG if all(map(is_about_settings, grave)) else Exit.INPUT
