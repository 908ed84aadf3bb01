"""Who PostgreSQL runs as: it refuses to be root, so as root it becomes nobody.

Nobody may not look into folders that are closed to others (/root, mode 700). Only where a parent
of its files is such a folder does it get the one capability that passes them. With it the server
could read any file, so no application's role may be a superuser.
"""

import os
import stat
from collections.abc import Iterable
from pathlib import Path

NOBODY = 65534
AS_NOBODY = ("--reuid", str(NOBODY), "--regid", str(NOBODY), "--clear-groups")
PASS_CLOSED_FOLDERS = ("--inh-caps", "+dac_read_search", "--ambient-caps", "+dac_read_search")


def needed_for(paths: Iterable[Path]) -> tuple[str, ...]:
    """The arguments of setpriv under which PostgreSQL can use these paths."""
    if os.geteuid() != 0:
        return ()
    if any(_closed(parent) for path in paths for parent in path.resolve().parents):
        return (*AS_NOBODY, *PASS_CLOSED_FOLDERS)
    return AS_NOBODY


def _closed(folder: Path) -> bool:
    return not folder.stat().st_mode & stat.S_IXOTH


def give(folder: Path) -> None:
    """Make the folder belong to whoever PostgreSQL runs as."""
    folder.chmod(0o700)
    if os.geteuid() == 0:
        os.chown(folder, NOBODY, NOBODY)
