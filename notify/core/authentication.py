"""What a receiving server found of a message: whether it is from whom it says (RFC 8601; RFC 6376, 7208, 9989)."""

from __future__ import annotations

from notify.core.record import record

#: The result of a method that was looked at and proves the message.
PASS = "pass"  # noqa: S105  # the word of RFC 8601


@record(frozen=True, slots=True)
class Signature:
    """One result for DKIM: what it came to (``pass``, ``fail``, ``none`` …), and for which domain it was made."""

    result: str
    domain: str = ""


@record(frozen=True, slots=True)
class Authentication:
    """What one server found. ``server`` is what it calls itself; a result that it does not tell is empty.

    ``dkim`` has a result for each signature; it is empty where the server says nothing of DKIM, and has one without a
    domain where it says that there is no signature. ``spf_domain`` is the one whose servers were looked up.
    """

    server: str = ""
    spf: str = ""
    spf_domain: str = ""
    dkim: tuple[Signature, ...] = ()
    dmarc: str = ""

    @property
    def tells_of_dkim(self) -> bool:
        """Whether the server has looked for signatures at all, and could tell what they are."""
        return any(one.result != "temperror" for one in self.dkim)

    def signed_for(self, domain: str) -> bool:
        """Tell whether a signature that holds counts as that of the sender's domain (DMARC's relaxed alignment).

        Whose domains belong together is known by the names alone: one of them stands above the other. Of two that stand
        side by side the receiving server knows it.
        """
        passed = [one.domain for one in self.dkim if one.result == PASS]
        return any(_belongs(one, domain) for one in passed) or (
            self.dmarc == PASS and any(_is_beside(one, domain) for one in passed)
        )


def _belongs(one: str, other: str) -> bool:
    """Tell whether of two domains one is the other, or is below it."""
    one, other = one.lower().rstrip("."), other.lower().rstrip(".")
    return (
        bool(one and other)
        and (one == other or one.endswith(f".{other}") or other.endswith(f".{one}"))
        and ("." in one and "." in other)
    )


def _is_beside(one: str, other: str) -> bool:
    """Tell whether two domains have the same one above them."""
    above = [name.lower().rstrip(".").partition(".")[2] for name in (one, other)]
    return above[0] == above[1] and "." in above[0]
