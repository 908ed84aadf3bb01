"""`make demo` as its user sees it, in a state folder of its own: the whole system, one county, every figure.

The order matters and is that of the file: the first run plays the story, the second finds everything done.
"""

import asyncio
import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import jsonschema  # type: ignore[import-untyped]
import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from cloudevents.core.bindings.kafka import KafkaMessage, from_structured_event

from contracts.catalogue import TOPICS
from contracts.publication.places import Places
from stack.pack import load
from support.canaries import Search

pytestmark = [pytest.mark.timeout(600), pytest.mark.xdist_group("demo")]

TAOYUAN = Path(__file__).parents[2] / "deploy" / "counties" / "taoyuan"
TOLD_WITHIN_S = 400.0
RIGHT = "Every figure is the one worked out by hand."
# How long the start and the story took, and which ports another stack of this machine had taken.
CLOCK = re.compile(r"^ *\d+\.\d s .*\n|^.*\d+:\d\d:\d\d *\n|^Port \d+ is taken, .*\n", re.MULTILINE)
DIGITS = (rb"999[12]0[12](?:19|20)\d{9}[0-9X]", rb"(?<![0-9a-f])109000[12]\d{4}(?![0-9a-f])")
"""The identity numbers and the phones of the story's people."""


@dataclass(frozen=True)
class Told:
    """What a run left behind it: what it printed, its state folder, and where everything was."""

    folder: Path
    printed: str
    facts: dict[str, Any] = field(default_factory=dict)
    process: "subprocess.Popen[bytes] | None" = None

    def ended(self) -> int:
        """Press Ctrl-C, and wait."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(timeout=60)

    @property
    def figures(self) -> str:
        """What was printed, without the time it took and without the addresses."""
        return CLOCK.sub("", self.printed).partition(RIGHT)[0]

    def logs(self) -> Iterator[Path]:
        """How much each partition of ours holds."""
        yield from sorted((self.folder / "kafka").rglob("*.log"))


def command(folder: Path, *options: str) -> list[str]:
    return ["setpriv", "--pdeathsig", "TERM", sys.executable, "-m", "stack", "demo", "--state", str(folder), *options]


def once(folder: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(  # noqa: S603 — our own arguments
        command(folder, "--once", *options), capture_output=True, text=True, check=False, timeout=TOLD_WITHIN_S
    )


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """The first run, still serving."""
    folder = tmp_path_factory.mktemp("demo") / "state"
    output = folder.with_name("printed")
    with output.open("w") as sink, subprocess.Popen(command(folder), stdout=sink, stderr=sink) as process:  # noqa: S603
        try:
            deadline = time.monotonic() + TOLD_WITHIN_S
            while (
                "Serving until Ctrl-C." not in output.read_text()
                and process.poll() is None
                and time.monotonic() < deadline
            ):
                time.sleep(0.2)
            assert process.poll() is None, output.read_text()
            yield Told(folder, output.read_text(), json.loads((folder / "stack.json").read_text()), process)
        finally:
            process.kill()


def test_every_figure_read_back_is_the_one_worked_out_by_hand(told: Told) -> None:
    assert RIGHT in told.printed
    assert "阳光家园离退休干部党支部     5   410.0     4   319.5     4   339.0" in told.printed
    assert "60 + 15 + 0 + 12 + 0" not in told.printed


def test_three_notices_an_objection_and_a_trial_are_shown(told: Told) -> None:
    assert re.findall(r"^(2022Q\d) 积分公示  (\S+) 张榜，异议期5个工作日，至 (\S+)，", told.printed, re.MULTILINE) == [
        ("2022Q1", "2022-04-06", "2022-04-13"),
        ("2022Q2", "2022-07-05", "2022-07-12"),
        ("2022Q3", "2022-10-08", "2022-10-13"),
    ]
    assert "荷渚听雨 对 2022Q1 公示，2022-04-08 书面提出" in told.printed
    assert "答复：成立。支部找到了当天的纸质名单" in told.printed
    assert "竹坞清和 86.0 → 89.0：" in told.printed


def test_the_login_that_the_last_screen_shows_opens_both_services(told: Told) -> None:
    shown = re.search(r"^login +POST (\S+)  (\{.*\})$", told.printed, re.MULTILINE)
    assert shown is not None
    services = told.facts["services"]
    token = httpx.post(shown[1], json=json.loads(shown[2]), trust_env=False).json()["access_token"]
    headers = {"Authorization": f"Bearer {token}"}
    for url in (f"{services['registry']}/api/v1/people", f"{services['scoring']}/api/v1/periods"):
        assert httpx.get(url, headers=headers, trust_env=False).status_code == 200


def test_a_shell_that_reads_the_workers_environment_can_run_its_commands(told: Told) -> None:
    script = f"set -a; . '{told.folder}/scoring-worker.env'; exec {sys.executable} -m scoring dead-letters list"
    done = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=False)  # noqa: S603, S607
    assert (done.returncode, done.stdout) == (0, "no dead letters\n"), done.stderr


def test_no_name_number_phone_or_address_left_registry(told: Told) -> None:
    """Canaries: every person of the story, in every place where a trace of them could lie."""
    search = canaries()
    for path in sorted((told.folder / "log").iterdir()):
        assert search.in_(path.read_bytes()) == set(), path.name
    for url in [url for kind in ("services", "workers", "streams") for url in told.facts[kind].values()]:
        assert search.in_(httpx.get(f"{url}/metrics", trust_env=False).content) == set(), url
    records = asyncio.run(every_record(told.facts["kafka"]))
    assert len(records) > 10_000
    assert search.in_(b"\n".join(part for record in records for part in _parts(record))) == set()


def test_every_message_is_an_event_that_the_official_sdk_and_its_schema_accept(told: Told) -> None:
    schemas = Places(Path(__file__).parents[2]).schemas
    accepts = {
        type_: jsonschema.Draft202012Validator(json.loads((schemas / f"{type_}.json").read_text("utf-8")))
        for topic in TOPICS
        for type_ in topic.types
    }
    seen = set()
    for record in asyncio.run(every_record(told.facts["kafka"])):
        message = KafkaMessage(headers=dict(record.headers), key=record.key, value=record.value)
        event = from_structured_event(message)
        accepts[event.get_type()].validate(json.loads(record.value))
        seen.add(event.get_type())
    assert {"activity.attended.v1", "membership.transferred.v1", "person.died.v1", "points.changed.v1"} <= seen


def test_no_event_was_set_aside(told: Told) -> None:
    for url in told.facts["workers"].values():
        text = httpx.get(f"{url}/metrics", trust_env=False).text
        assert re.findall(r"^jinqiu_bus_dead_letters_total\{.*\} [1-9].*$", text, re.MULTILINE) == []


def test_a_second_run_changes_nothing_and_prints_the_same(told: Told) -> None:
    """It ends the first one, so it is the last that asks for it."""
    assert told.ended() == 0
    before = sizes(told)
    second = once(told.folder)
    assert second.returncode == 0, second.stdout + second.stderr
    assert Told(told.folder, second.stdout).figures == told.figures
    assert sizes(told) == before


def canaries() -> Search:
    """Looks for what identifies somebody of Taoyuan."""
    pack = load(TAOYUAN)
    names = {member.name for member in pack.roster} | {row["name"] for row in pack.people.values()}
    # Every name begins with an invented surname, and every home says that it is invented.
    return Search({name[:2] for name in names} | {"虚构", "示例大道", "示例路"}, DIGITS)


def test_the_canaries_would_be_found() -> None:
    search = canaries()
    rows = (TAOYUAN / "roster.csv").read_text(encoding="utf-8-sig").splitlines()[1:]
    for row in rows:
        name, number, phone, *_ = row.split(",")
        for told in (name, number, phone):
            assert search.in_(f'"{told}"'.encode())
            assert search.in_(json.dumps(told).encode())


async def every_record(bootstrap: str) -> list[Any]:
    """Everything on every topic and in every dead letter."""
    consumer = AIOKafkaConsumer(bootstrap_servers=bootstrap, auto_offset_reset="earliest")
    await consumer.start()
    try:
        places = [TopicPartition(topic.name, number) for topic in TOPICS for number in range(topic.partitions)]
        places += [TopicPartition(topic.dead_letters(group).name, 0) for topic in TOPICS for group in topic.consumers]
        consumer.assign(places)
        ends, found = await consumer.end_offsets(places), list[Any]()
        while any([await consumer.position(place) < end for place, end in ends.items()]):
            for records in (await consumer.getmany(timeout_ms=500)).values():
                found.extend(records)
    finally:
        await consumer.stop()
    return found


def _parts(record: Any) -> Iterator[bytes]:
    yield from (record.key or b"", record.value or b"")
    for name, value in record.headers:
        yield from (name.encode(), value)


def sizes(told: Told) -> dict[str, int]:
    """What Kafka holds of ours, in bytes a partition; its own book-keeping topics grow at every start."""
    owned = {topic.name for topic in TOPICS}
    logs = (path for path in told.logs() if path.parent.name.rpartition("-")[0] in owned)
    return {f"{path.parent.name}/{path.name}": path.stat().st_size for path in logs}
