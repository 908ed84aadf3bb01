"""Who PostgreSQL runs as: it refuses to be root, so as root it becomes nobody.

Nobody may not look into folders that are closed to others (/root, mode 700). Only where a parent
of its files is such a folder does it get the one capability that passes them. With it the server
could read any file, so no application's role may be a superuser.
"""

import os
import stat
from collections.abc import Iterable
from pathlib import Path

from stack.refusal import Refused

NOBODY = 65534
DAC_READ_SEARCH = 2  # its number in linux/capability.h
AS_NOBODY = ("--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups")
PASS_CLOSED_FOLDERS = ("--inh-caps", "+dac_read_search", "--ambient-caps", "+dac_read_search")


def needed_for(paths: Iterable[Path]) -> tuple[str, ...]:
    """The arguments of setpriv under which PostgreSQL can use these paths."""
    if os.geteuid() != 0:
        return ()
    closed = [parent for path in paths for parent in path.resolve().parents if _closed(parent)]
    if not closed:
        return AS_NOBODY
    if not _may_pass():
        raise Refused(
            f"PostgreSQL runs as nobody, to whom {closed[0]} is closed: open it (chmod o+x),"
            " or choose a --state folder and a checkout outside it."
        )
    return (*AS_NOBODY, *PASS_CLOSED_FOLDERS)


def _closed(folder: Path) -> bool:
    return folder.exists() and not folder.stat().st_mode & stat.S_IXOTH


def _may_pass() -> bool:
    """Whether root has that capability to give: in a container it may not."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return bool(int(status["CapEff"], 16) >> DAC_READ_SEARCH & 1)


def give(folder: Path) -> None:
    """Make the folder belong to whoever PostgreSQL runs as."""
    folder.chmod(0o700)
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
