"""From content to message: the octets that travel, for one recipient."""

from notify.composing.composer import Composer

__all__ = ["Composer"]
