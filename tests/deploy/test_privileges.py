"""PostgreSQL refuses to be root, so as root it becomes nobody, who may not look everywhere."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from stack import privileges

SCRIPT = """
import sys
from pathlib import Path
from stack import privileges
from stack.refusal import Refused
try:
    privileges.needed_for([Path(sys.argv[1])])
except Refused as refused:
    print(refused)
"""
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root has a user to give up")


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    folder = tmp_path / "closed"
    folder.mkdir(mode=0o700)
    return folder / "postgres"


@as_root
def test_the_capability_is_given_only_where_a_parent_is_closed(closed: Path) -> None:
    assert privileges.needed_for([Path("/usr/bin")]) == privileges.AS_NOBODY
    assert privileges.needed_for([closed])[-2:] == ("--ambient-caps", "+dac_read_search")


@as_root
def test_a_root_without_the_capability_is_told_which_folder_is_closed(closed: Path) -> None:
    limited = ["setpriv", "--inh-caps", "-dac_read_search", "--bounding-set", "-dac_read_search"]
    done = subprocess.run(  # noqa: S603 - our own arguments
        [*limited, sys.executable, "-c", SCRIPT, str(closed)], capture_output=True, text=True, check=True
    )
    # pytest's own folder is closed too
    assert done.stdout.startswith("PostgreSQL runs as nobody, to whom ")
    assert "is closed: open it (chmod o+x)" in done.stdout


@pytest.mark.skipif(os.geteuid() == 0, reason="root has something to give up")
def test_an_ordinary_user_gives_nothing_up(closed: Path) -> None:
    assert privileges.needed_for([closed]) == ()
