"""Kafka's jars: fetched one by one by coordinate, each checked against the committed list.

The list is the whole resolution; no pom is read. A jar is fetched beside its place and moved there
once its hash is right, so that an interrupted fetch goes on with what is missing.
"""

import fcntl
import hashlib
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from rich.progress import track

from stack.refusal import Refused

REPOSITORY = Path(__file__).parents[4]
LIST = REPOSITORY / "deploy" / "local" / "kafka-jars.lock"
FOLDER = REPOSITORY / ".cache" / "kafka-jars"
SCRATCH = ".fetching-"
AT_ONCE = 6


@dataclass(frozen=True)
class Jar:
    group: str
    artifact: str
    version: str
    sha256: str

    @property
    def filename(self) -> str:
        return f"{self.artifact}-{self.version}.jar"

    def is_in(self, folder: Path) -> bool:
        path = folder / self.filename
        return path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() == self.sha256


def listed(lock: Path = LIST) -> list[Jar]:
    return [_jar(line) for line in lock.read_text().splitlines() if line.strip()]


def _jar(line: str) -> Jar:
    coordinate, sha256 = line.split()
    group, artifact, version = coordinate.split(":")
    return Jar(group, artifact, version, sha256)


def ensure(lock: Path = LIST, folder: Path = FOLDER) -> Path:
    """The folder with exactly the listed jars, fetched where they are missing or damaged."""
    folder.mkdir(parents=True, exist_ok=True)
    jars = listed(lock)
    if not all(jar.is_in(folder) for jar in jars):
        with (folder / "lock").open("w") as alone:  # `make demo` beside `make check`: one fetches, the other waits
            fcntl.flock(alone, fcntl.LOCK_EX)
            _fetch_all([jar for jar in jars if not jar.is_in(folder)], folder)
    for stray in set(folder.glob("*.jar")) - {folder / jar.filename for jar in jars}:
        stray.unlink()
    return folder


def _fetch_all(missing: list[Jar], folder: Path) -> None:
    for interrupted in folder.glob(f"{SCRATCH}*"):
        shutil.rmtree(interrupted)
    with tempfile.TemporaryDirectory(dir=folder, prefix=SCRATCH) as scratch, ThreadPoolExecutor(AT_ONCE) as pool:
        fetched: Iterator[None] = pool.map(lambda jar: _fetch(jar, Path(scratch), folder), missing)
        for _ in track(fetched, f"Fetching {len(missing)} of Kafka's jars", total=len(missing), transient=True):
            pass


def _fetch(jar: Jar, scratch: Path, folder: Path) -> None:
    # imported where it is needed: it costs half a second
    from jgo.maven import MavenContext  # noqa: PLC0415
    from requests import RequestException  # noqa: PLC0415

    context = MavenContext(repo_cache=scratch, timeout=60)
    artifact = context.project(jar.group, jar.artifact).at_version(jar.version).artifact()
    try:
        found = Path(artifact.resolve())
    except (RequestException, RuntimeError, OSError) as error:
        raise Refused(f"{jar.filename} could not be fetched from Maven's repository: {error}") from error
    place(jar, found, folder)


def place(jar: Jar, found: Path, folder: Path) -> None:
    """Move a fetched jar to its place, if it is the listed one."""
    actual = hashlib.sha256(found.read_bytes()).hexdigest()
    if actual != jar.sha256:
        raise Refused(f"{jar.filename} is not the listed one: its sha256 is {actual}, the list says {jar.sha256}.")
    shutil.move(found, folder / jar.filename)
