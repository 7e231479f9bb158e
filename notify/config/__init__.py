"""The settings of a campaign: notify.toml, the environment and the options."""

from notify.config.load import load
from notify.config.reference import reference
from notify.config.sample import sample
from notify.config.settings import RelaySettings, Settings

__all__ = ["RelaySettings", "Settings", "load", "reference", "sample"]
