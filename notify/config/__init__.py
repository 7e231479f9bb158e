"""The settings of a campaign: notify.toml, the environment and the options."""

from notify.config.load import load
from notify.config.occasions import OCCASIONS
from notify.config.reference import reference
from notify.config.sample import sample
from notify.config.settings import ContactSettings, RelaySettings, Settings
from notify.config.whereabouts import places, sample_values
from notify.config.written import written

__all__ = [
    "OCCASIONS",
    "ContactSettings",
    "RelaySettings",
    "Settings",
    "load",
    "places",
    "reference",
    "sample",
    "sample_values",
    "written",
]
