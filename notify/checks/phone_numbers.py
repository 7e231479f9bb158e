"""Whether a telephone number can be one. The only door of phonenumbers, which has the plans of all countries."""

from __future__ import annotations

from notify.core.late_pattern import late_pattern

#: Countries in which the zero before an area code is not dialled behind the number of the country (Italy keeps it).
_ZERO = late_pattern(r"(?:\+|00)(?:31|32|33|41|43|44|49)[\s/\-.]*0\d")


def flaw_of(number: str, kind: str, country: str) -> str:
    """Return what is wrong with a number, as what follows "it"; empty where nothing is.

    :param kind: ``phone``, ``mobile`` or ``fax``.
    :param country: two letters, for numbers without that of their country; of an empty one these cannot be judged.
    """
    import phonenumbers

    if _ZERO.match(number):
        return "has a zero behind the number of the country, with which nobody gets through; leave it out, or write (0)"
    try:
        parsed = phonenumbers.parse(number, country or None)
    except phonenumbers.NumberParseException as error:
        if error.error_type == phonenumbers.NumberParseException.TOO_LONG:
            return "is too long: there is no such number in any country"
        return "begins with the number of no country" if number.lstrip().startswith("+") else ""
    if not phonenumbers.is_valid_number(parsed):
        return _why_there_is_none(phonenumbers.is_possible_number_with_reason(parsed))
    return _misuse(phonenumbers.number_type(parsed), kind)


def _misuse(found: int, kind: str) -> str:
    """Return what is wrong with a number of this type that is called so."""
    from phonenumbers import PhoneNumberType

    if found == PhoneNumberType.PREMIUM_RATE:
        return "costs its callers extra"
    if kind == "mobile" and found == PhoneNumberType.FIXED_LINE:
        return "is that of a fixed line, not of a mobile telephone"
    is_fax_of_a_mobile = kind == "fax" and found == PhoneNumberType.MOBILE
    return "is that of a mobile telephone, which takes no fax" if is_fax_of_a_mobile else ""


def _why_there_is_none(reason: int) -> str:
    from phonenumbers import ValidationResult

    lengths = {ValidationResult.TOO_SHORT: "is too short", ValidationResult.TOO_LONG: "is too long"}
    return f"{lengths.get(reason, 'has a wrong, missing or additional digit')}: there is no such number in its country"


def is_same(one: str, other: str, country: str) -> bool:
    """Tell whether two numbers are one, however they are written; the country is as in :func:`flaw_of`."""
    import phonenumbers

    try:
        numbers = [phonenumbers.parse(number, country or None) for number in (one, other)]
    except phonenumbers.NumberParseException:
        return False
    return numbers[0] == numbers[1]
