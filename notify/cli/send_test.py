"""What ``notify send --test`` says: of which recipients a message to yourself is an example."""

from __future__ import annotations

from typing import TYPE_CHECKING

from notify.cli.screen import duration, how_many, note

if TYPE_CHECKING:
    from notify.actions.cohorts import Example, Examples
    from notify.actions.previewed import Previewed
    from notify.delivery.routes import Route


def say_how_many(found: Examples | None, to: str) -> None:
    """Say how many messages go to the address, where they are more than one, and what they leave out."""
    if found is None or len(found.shown) == 1:
        return
    if found.cohorts > 1:
        more = "more than " * bool(found.beyond)
        note(f"There are {more}{found.cohorts:,} texts, by language, form and branches of the template.")
    note(f"{how_many(len(found.shown), 'message')} to {to}: one of each, and one of each recipient who stands out.")
    if found.left_out:
        note(f"{how_many(found.left_out, 'text')} with the fewest recipients get none; to see one:  --only ADDR")


def say_how_long(route: Route, seconds: float) -> None:
    """Say that it takes its time, where the relay does not take all of them at once."""
    if seconds:
        rates = ", ".join(map(str, route.rates))
        note(f"{route.name} takes at most {rates}: this takes {duration(seconds)}.")


def say_sent(one: Previewed, example: Example | None, to: str, how: str) -> None:
    """Say whose message was sent, and of how many recipients it is an example, where there are several."""
    if example is None:
        note(f"Sent the message of {one.recipient.address} to {to} instead{how}. Nobody counts as reached.")
        return
    stands = f"; stands for {how_many(example.stands_for, 'recipient')}" if example.stands_for else ""
    note(f"Sent the message of {one.recipient.address} ({example}{stands}) to {to} instead{how}.")
