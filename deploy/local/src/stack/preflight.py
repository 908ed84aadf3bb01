"""What this machine must have, found out before anything is started."""

import os
import shutil
import sys
from pathlib import Path

from stack import kafka, postgres, privileges
from stack.refusal import Refused

USABLE = ((3, 11), (3, 12), (3, 13))
NEEDED_BYTES = 500_000_000


def check(folder: Path) -> None:
    """Each thing that is missing is one clear sentence."""
    _python()
    _programs()
    _disk(folder)
    privileges.needed_for([folder / "postgres", postgres.binaries()])


def _python() -> None:
    version = sys.version_info[:2]
    if version not in USABLE:
        raise Refused(f"Jinqiu runs on Python 3.11, 3.12 or 3.13, and this is {version[0]}.{version[1]}.")


def _programs() -> None:
    if shutil.which("setpriv") is None:
        raise Refused("setpriv is missing: install util-linux.")
    if shutil.which(kafka.java()) is None:
        raise Refused(f"There is no Java runtime at {kafka.java()}: run make install, or set JAVA.")


def _disk(folder: Path) -> None:
    existing = next(parent for parent in (folder, *folder.resolve().parents) if parent.exists())
    free = shutil.disk_usage(existing).free
    if free < NEEDED_BYTES:
        raise Refused(f"{existing} has {free / 1e9:.1f} GB free and the stack needs {NEEDED_BYTES / 1e9:.1f} GB.")
    if not os.access(existing, os.W_OK):
        raise Refused(f"{existing} cannot be written to: give another --state folder.")
