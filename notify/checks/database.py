"""Whether the way to the database that keeps the ledger can be trusted."""

from __future__ import annotations

from collections.abc import Iterator

from notify.checks.remark import Remark


def unverified_database(host: str, sslmode: str, where: str) -> Iterator[Remark]:
    """Yield that the database at ``host`` is not verified to its name, as the URL at ``where`` says by ``sslmode``.

    Without a mode it is verified, or on this machine.
    """
    if not sslmode:
        return
    taken = "any certificate" if sslmode == "require" else "a certificate of the same authority for any other name"
    what = f"by sslmode={sslmode} whoever shows {taken} is taken for {host}, and reads and writes the ledger"
    mend = "Leave sslmode out; where the authority is one of your own, name its certificate by sslrootcert=FILE."
    yield Remark("unverified-database", what, mend, where=where)
