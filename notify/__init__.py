"""notify tells everyone that your contact details changed: once, provably, and with nobody forgotten."""

__version__ = "0.1.0"
