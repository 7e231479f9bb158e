"""What a visit of the announced website tells."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

from notify.checks.remark import Remark


def website(url: str, where: str, final: str, status: int, trouble: str, *, is_distrusted: bool) -> Iterator[Remark]:
    """Yield what a reader who clicks the address would stumble over.

    :param final: where the visit ended; ``status`` what was answered there, 0 where nothing was.
    :param trouble: why nothing was, in words; ``is_distrusted``: it is the certificate.
    """
    if is_distrusted:
        what = f"browsers warn before they show {final}: {trouble}"
        yield Remark(
            "site-certificate", what, "Have the certificate renewed, or announce the name it is for.", where=where
        )
    elif trouble:
        yield Remark("site-unreachable", f"{url} does not answer: {trouble}", "Is the address right?", where=where)
    elif status >= 400:
        yield Remark(
            "site-unreachable", f"{final} answers with {status}", "Announce a page that is there.", where=where
        )
    elif _host(final) != _host(url):
        what = f"{url} leads to another site, {final}"
        yield Remark("site-elsewhere", what, "Announce the address where it ends.", where=where)
    elif url.startswith("https:") and not final.startswith("https:"):
        what = f"{url} leads to {final}, which is not https"
        yield Remark("site-elsewhere", what, "Have https switched on for the whole site.", where=where)


def _host(url: str) -> str:
    return (urlsplit(url).hostname or "").removeprefix("www.")
