"""The command line: the only room that speaks, asks and exits."""

from __future__ import annotations

import logging
import os
import sys
from pathlib import Path

import click

from notify import __version__
from notify.cli.exits import Exit, report, report_bug, report_usage
from notify.cli.lazy import LazyGroup
from notify.cli.screen import Warnings, note
from notify.cli.wrapping import width_of
from notify.errors import ConfigError, NotifyError


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "auto_envvar_prefix": None},
    epilog="Begin with:  notify init   then, in its folder:  notify preview",
)
@click.option(
    "-C",
    "folder",
    type=click.Path(path_type=Path),
    default=".",
    metavar="DIR",
    help="Work in the campaign folder DIR instead of this one.",
)
@click.version_option(__version__, message="notify %(version)s")
@click.pass_context
def group(ctx: click.Context, folder: Path) -> None:
    """Tell everyone that your contact details changed: once, provably, and with nobody forgotten.

    Without a relay in notify.toml everything goes to the sandbox, and nothing leaves this machine.
    """
    # a mistyped folder must not be made: what was meant for another one would be lost in it
    if ctx.invoked_subcommand != "init" and not folder.is_dir():
        raise ConfigError(f"There is no folder {folder}.", hint="Make a campaign folder:  notify init DIR")
    ctx.obj = folder


def main() -> None:
    """Run notify, say what went wrong in one clear error, and exit with the status that says it to scripts."""
    # contacts, messages and ledger are personal data: whatever is written here is for its owner only
    os.umask(0o077)
    # nothing of ours reads the locale's encoding; a pipe in an odd locale must not stop a run
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    logging.getLogger("notify").addHandler(Warnings())
    try:
        # click makes its help 80 columns wide at most, but never narrower than 50
        width = width_of(sys.stdout)
        narrow = min(width - 1, 78) if width else None
        code = group.main(prog_name="notify", standalone_mode=False, terminal_width=narrow)
    except NotifyError as error:
        code = report(error)
    except click.ClickException as error:
        code = report_usage(error)
    except (click.Abort, KeyboardInterrupt):
        note()
        code = Exit.INTERRUPTED
    except Exception as error:  # noqa: BLE001  # nothing may reach a user's screen as a traceback
        code = report_bug(error)
    sys.exit(code or 0)
