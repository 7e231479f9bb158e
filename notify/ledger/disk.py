"""Is this disk fit for a ledger: is there room, and is it a disk of this machine?"""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping
from pathlib import Path

from notify.errors import WriteError
from notify.ledger.place import Place

#: A run with less room than this would end in its middle.
LEAST_FREE = 50_000_000

#: Where Linux tells what is mounted; elsewhere there is no such file (proc(5)).
MOUNTS = Path("/proc/self/mounts")

#: File systems of other machines. Two of them do not see each other's locks, nor SQLite's shared memory (sqlite.org,
#: "How To Corrupt An SQLite Database File", 2.1; "Write-Ahead Logging", 1).
_NETWORK = frozenset(
    "9p afs beegfs ceph cifs coda davfs gfs2 glusterfs gpfs lustre ncpfs nfs nfs4 ocfs2 pvfs2 smb3 smbfs".split()
)
_NETWORK_FUSE = frozenset(
    "afpfs blobfuse blobfuse2 ceph-fuse curlftpfs davfs davfs2 gcsfuse glusterfs google-drive-ocamlfuse gvfsd-fuse "
    "hadoop-fuse juicefs kio-fuse mfs moosefs nfs onedriver rclone s3fs seaweedfs smbnetfs sshfs weed".split()
)


def check_disk(ledger: Place, environment: Mapping[str, str]) -> None:
    """See whether a run can trust the disk that the ledger is on, or will be. A database looks after its own.

    :raises WriteError: there is too little room, or it belongs to another machine.
    """
    if not isinstance(ledger, Path):
        return
    folder = ledger.parent
    if environment.get("NOTIFY_ALLOW_NETWORK_DISK") != "1" and MOUNTS.exists():
        kind = file_system(folder.resolve(), MOUNTS.read_text("utf-8", "surrogateescape"))
        if is_network(kind):
            raise WriteError(
                f"{ledger}: this disk belongs to another machine ({kind}), where no lock and no ledger can be trusted.",
                hint="Put the campaign folder on a disk of this machine, or name another one with -C. If only this "
                "machine ever writes there:  NOTIFY_ALLOW_NETWORK_DISK=1",
            )
    free = shutil.disk_usage(folder).free
    if free < LEAST_FREE:
        raise WriteError(
            f"{ledger}: only {free // 1_000_000} MB are free on this disk; a run wants {LEAST_FREE // 1_000_000} MB.",
            hint="Make room and run the same command again: it goes on where it stopped.",
        )


def file_system(folder: Path, mounts: str) -> str:
    """Return the kind of file system that an absolute folder is on, by the lines of /proc/mounts; empty: none is known.

    Of several that are mounted over each other, the last one counts.
    """
    best, kind = -1, ""
    for line in mounts.splitlines():
        _, place, found, *_ = [*line.split(" "), "", "", ""]
        point = Path(re.sub(r"\\([0-7]{3})", lambda code: chr(int(code[1], 8)), place))
        if place and folder.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), found
    return kind


def is_network(kind: str) -> bool:
    """Tell whether a file system of this kind lies on another machine."""
    return kind in _NETWORK or (kind.startswith("fuse.") and kind.removeprefix("fuse.") in _NETWORK_FUSE)
