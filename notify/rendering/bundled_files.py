"""The files that travel with messages where the campaign's folder is not: by their names, and by nothing else.

Where they were looked for, a link led somewhere, or a name was spelled in another way; here what was found there is
known by the name that was said. So nothing that a template or a row says becomes a path on this machine.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from notify.core.sized_cache import SizedCache
from notify.rendering.files import FileError, Found, Use, found_as

#: Of one recipient's own files, the name under which it arrives, and its octets; None: there is no such file.
OwnFile = Callable[[str, str], tuple[str, bytes] | None]

_MOST_KEPT = 64_000_000


class BundledFiles:
    """Files that were found elsewhere."""

    def __init__(self, common: Mapping[str, tuple[str, bytes]], own: OwnFile) -> None:
        """Know the files of a template.

        :param common: of each for everybody, by its name in the template, as which file it arrives and its octets.
        :param own: returns the same of a recipient's own one, given the name that the row says and the digest.
        """
        self._common = {name: found_as(*file) for name, file in common.items()}
        self._bring = own
        self._own = SizedCache[tuple[str, str], Found](_MOST_KEPT, lambda _, found: len(found.attachment.octets))

    def common(self, name: str, use: Use = Use.ATTACHED) -> Found:
        """Return a file that goes to everybody.

        :raises FileError: it was not brought here.
        """
        try:
            return self._common[name]
        except KeyError:
            raise _not_here(name, use) from None

    def own(self, name: str, digest: str = "") -> Found:
        """Return a file that a contact names.

        :param digest: what it was when everybody was enrolled.
        :raises FileError: it was not brought here.
        """
        return self._own.get((name, digest), self._brought)

    def _brought(self, asked: tuple[str, str]) -> Found:
        brought = self._bring(*asked)
        if brought is None:
            raise _not_here(asked[0], Use.ATTACHED)
        return found_as(*brought)


def _not_here(name: str, use: Use) -> FileError:
    return FileError(f"there is no {use.noun} {name}", "Place the campaign again from its folder:  notify send")
