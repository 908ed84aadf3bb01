"""The demo notices one missing fact. The pack is Taoyuan's, cut down to the small branches so that it plays quickly."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.timeout(400), pytest.mark.xdist_group("demo")]

TAOYUAN = Path(__file__).parents[2] / "deploy" / "counties" / "taoyuan"
STEP = "\n[[step]]\n"


def small_pack(folder: Path, *, without: str, at: str) -> Path:
    """Only the meetings of the named people, and one of these left out of one of those."""
    shutil.copytree(TAOYUAN, folder)
    (folder / "what-if.toml").unlink()  # counts the whole roster
    roster = folder / "roster.csv"
    roster.write_text("".join(roster.read_text(encoding="utf-8").splitlines(keepends=True)[:10]), encoding="utf-8")
    for chapter in (folder / "story").iterdir():
        head, *steps = chapter.read_text(encoding="utf-8").split(STEP)
        told = [_without(step, without, at) for step in steps if 'do = "series"' not in step]
        chapter.write_text(STEP.join([head, *told]), encoding="utf-8")
    return folder


def _without(step: str, person: str, at: str) -> str:
    step = re.sub(r"^crowd = .*\n", "", step, flags=re.MULTILINE)
    if f'key = "{at}"' not in step:
        return step
    return re.sub(rf'"{person}"(, )?', "", step).replace(", ]", "]")


def test_one_missing_fact_ends_the_demo_with_the_difference(tmp_path: Path) -> None:
    pack = small_pack(tmp_path / "pack", without="tingyu", at="mediation-0217")
    run = subprocess.run(  # noqa: S603 — our own arguments
        [sys.executable, "-m", "stack", "demo", "--once", "--state", str(tmp_path / "state"), "--pack", str(pack)],
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    told = [line.removeprefix("differs").strip() for line in run.stdout.splitlines() if line.startswith("differs")]
    assert told == [
        "荷渚听雨 2022Q1 contribution: expected 4.5, got 1.5",
        "荷渚听雨 2022Q1 total: expected 80.0, got 77.0",
        "荷渚听雨 2022Q1 published: expected 76.5, got 73.5",
        "沅水离退休干部党支部 2022Q1 total: expected 305.5, got 302.5",
    ], run.stdout + run.stderr
    assert run.returncode == 1
