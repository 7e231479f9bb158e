"""What stands beside a key in the schema: how the reference calls its type, and what people read about it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict

#: What can stand as the value of a key in the sample file.
Example = str | int | bool | dt.date | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """What the reference calls the type of a key."""

    words: str


@dataclass(frozen=True, slots=True)
class About:
    """What people read about a key or a section, in both languages.

    ``example`` is its value in the sample file, ``old_example`` the one in [change.old]; the sample leaves out a key
    without one, and comments it out unless ``active``. ``default`` is for the reference, where the default is no
    constant; ``option`` is the name on the command line. What is ``required`` may be missing for those commands that
    only look at the contacts, so the schema does not demand it.
    """

    en: str
    de: str
    example: Example | None = None
    old_example: Example | None = None
    active: bool = True
    default: str = ""
    option: str = ""
    required: bool = False


class Section(BaseModel):
    """What all sections have in common: nothing unknown stands in them, and no value of theirs in a traceback."""

    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)
