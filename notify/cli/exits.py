"""Errors in words on standard error, and the exit status for scripts and cron (sendmail's and msmtp's numbers)."""

from __future__ import annotations

import io
import os
import traceback
from enum import IntEnum

import click

from notify import errors
from notify.cli.screen import note


class Exit(IntEnum):
    """Every exit status of notify, and what it means."""

    #: All sent, nothing left to do, or the question was declined.
    DONE = 0
    #: Finished, but some failed for good, expired or are in doubt.
    SOME_FAILED = 1
    #: Wrong usage of the command line.
    USAGE = 2
    #: Contacts, template or announced details must be mended.
    INPUT = 65
    #: A call-back code that nobody was sent.
    ALARM = 67
    #: The relay refuses us: policy, content, TLS.
    REFUSED = 69
    #: A bug in notify. Nothing was lost; please report it.
    BUG = 70
    #: It cannot be written here, or the ledger cannot be trusted.
    CANNOT_WRITE = 73
    #: Not finished: run it again later.
    AGAIN_LATER = 75
    #: The relay refused the login.
    LOGIN = 77
    #: notify.toml, an option or a variable must be mended.
    CONFIG = 78
    #: Interrupted by Ctrl-C; run it again to go on.
    INTERRUPTED = 130


_STATUS: dict[type[errors.NotifyError], Exit] = {
    errors.ConfigError: Exit.CONFIG,
    errors.InputError: Exit.INPUT,
    errors.RelayError: Exit.REFUSED,
    errors.LoginError: Exit.LOGIN,
    errors.WriteError: Exit.CANNOT_WRITE,
    errors.BusyError: Exit.AGAIN_LATER,
}


def report(error: errors.NotifyError) -> Exit:
    """Print an error with its problems and its mend; return the exit status that it has."""
    _complain(error.message)
    for problem in map(str, error.problems):
        # a single one is often the message itself
        if problem not in error.message:
            note("  " + problem.replace("\n", "\n    "))
    if error.hint:
        note("  " + error.hint.replace("\n", "\n  "))
    return next(status for kind, status in _STATUS.items() if isinstance(error, kind))


def report_usage(error: click.ClickException) -> int:
    """Print what was wrong on the command line, in lines that fit; return its exit status."""
    if isinstance(error, click.NoSuchOption) and error.option_name == "-C":
        error = click.UsageError("-C DIR stands before the command, as in:  notify -C DIR send", error.ctx)
    words = io.StringIO()
    error.show(words)
    note(words.getvalue(), nl=False)
    return error.exit_code


def report_bug(error: Exception) -> Exit:
    """Print that notify itself is at fault; the traceback only when NOTIFY_DEBUG asks for it."""
    _complain(f"this is a bug in notify ({type(error).__name__}: {error}).")
    if os.environ.get("NOTIFY_DEBUG"):
        note("".join(traceback.format_exception(error)))
    else:
        note("  What was recorded stays recorded. See where it broke:  NOTIFY_DEBUG=1 notify …")
    return Exit.BUG


def _complain(text: str) -> None:
    note(text, head="Error: ", fg="red", bold=True)
