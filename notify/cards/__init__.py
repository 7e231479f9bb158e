"""What notify makes of the announced details: a card for address books, an appointment, a QR code."""

from notify.cards.calendar import SUMMARY, appointment
from notify.cards.person import Person
from notify.cards.qr import QrError, qr_code
from notify.cards.vcard import vcard

__all__ = ["SUMMARY", "Person", "QrError", "appointment", "qr_code", "vcard"]
