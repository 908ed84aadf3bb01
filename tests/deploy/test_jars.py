"""Only the listed jars run, byte by byte."""

import hashlib
from pathlib import Path

import pytest

from stack import jars
from stack.refusal import Refused

CONTENT = b"a jar, as far as we are concerned"


def a_jar(content: bytes = CONTENT) -> jars.Jar:
    return jars.Jar("org.example", "thing", "1.0", hashlib.sha256(content).hexdigest())


def test_a_jar_with_another_hash_is_refused_and_not_kept(tmp_path: Path) -> None:
    fetched = tmp_path / "fetched"
    fetched.write_bytes(b"something else")
    with pytest.raises(Refused, match=r"thing-1\.0\.jar is not the listed one"):
        jars.place(a_jar(), fetched, tmp_path)
    assert not (tmp_path / "thing-1.0.jar").exists()


def test_a_damaged_jar_counts_as_missing(tmp_path: Path) -> None:
    (tmp_path / "thing-1.0.jar").write_bytes(CONTENT)
    assert a_jar().is_in(tmp_path)
    (tmp_path / "thing-1.0.jar").write_bytes(CONTENT[:-1])
    assert not a_jar().is_in(tmp_path)


def test_a_jar_that_is_not_listed_is_removed(tmp_path: Path) -> None:
    lock = tmp_path / "jars.lock"
    lock.write_text(f"org.example:thing:1.0 {a_jar().sha256}\n")
    (tmp_path / "thing-1.0.jar").write_bytes(CONTENT)
    (tmp_path / "thing-0.9.jar").write_bytes(b"an old one")
    jars.ensure(lock, tmp_path)
    assert [path.name for path in tmp_path.glob("*.jar")] == ["thing-1.0.jar"]


def test_the_committed_list_names_kafka_and_its_logger() -> None:
    listed = {f"{jar.artifact}:{jar.version}" for jar in jars.listed()}
    assert len(listed) == 38
    assert {"kafka_2.13:4.3.1", "kafka-server:4.3.1", "slf4j-simple:1.7.36"} <= listed
