"""The command lines say what they did, or in one sentence why not."""

import asyncio

import pytest
import typer
from typer.testing import CliRunner, Result

from bus.__main__ import app as bus_app
from bus.catalogue_topics import wanted
from bus.commands import mount
from bus.consumer import Consumer
from bus.kafka import Kafka
from bus.kafka.topics import delete
from contracts import topics
from contracts.catalogue import TOPICS
from contracts.envelope import Envelope
from kit.database import Sessions, connect
from support.bus import Corner, Work, eventually, note, one_by_one, person, raw, running


@pytest.fixture
def app(corner: Corner) -> typer.Typer:
    app = typer.Typer()

    def open_all() -> tuple[Sessions, Kafka]:
        return Sessions(connect(corner.worker_url, corner.password, application="cli", schema="bus")), corner.kafka

    mount(app, "registry", open_all, one_by_one())
    return app


async def run(app: typer.Typer, *arguments: str) -> Result:
    """Run a command as a shell does, in a loop of its own."""
    return await asyncio.to_thread(lambda: CliRunner().invoke(app, arguments, env={"COLUMNS": "200"}))


async def _crash(work: Work, envelope: Envelope) -> None:
    await note(work, envelope)
    raise KeyError("王")


async def set_aside(corner: Corner) -> str:
    async def aside() -> bool:
        return await corner.count("dead_letters") > 0

    async with running(Consumer("scoring", one_by_one(_crash), corner.sessions, corner.kafka).run):
        await eventually(aside)
    return str(await corner.scalar("SELECT id FROM dead_letters"))


async def test_dead_letters_are_listed_shown_and_replayed(corner: Corner, app: typer.Typer) -> None:
    event = person()
    await corner.send(event)
    letter = await set_aside(corner)
    listed = await run(app, "dead-letters", "list")
    assert letter in listed.output
    assert "Crashed" in listed.output
    shown = await run(app, "dead-letters", "show", letter)
    assert event[1].id in shown.output
    assert '"specversion":"1.0"' in shown.output
    replayed = await run(app, "dead-letters", "replay", letter, "--by", "wang")
    assert (replayed.exit_code, replayed.output) == (0, f"{letter} was applied\n")
    assert await corner.seen() == [event[1].id]
    assert (await run(app, "dead-letters", "list")).output == "no dead letters\n"
    assert "replayed" in (await run(app, "dead-letters", "list", "--all")).output


async def test_dead_letters_are_discarded(corner: Corner, app: typer.Typer) -> None:
    await corner.produce(raw(b"poison"))
    letter = await set_aside(corner)
    refused = await run(app, "dead-letters", "replay", letter)
    assert (refused.exit_code, refused.output) == (1, "the handler still refuses it: not an event: it: json_invalid\n")
    assert (await run(app, "dead-letters", "discard", letter)).output == f"{letter} is discarded\n"
    twice = await run(app, "dead-letters", "discard", letter)
    assert twice.exit_code == 1
    assert "already discarded" in twice.output


async def test_republish_says_what_is_in_its_way(app: typer.Typer) -> None:
    refused = await run(app, "republish")
    assert refused.exit_code == 1
    assert "run `python -m bus topics` first" in refused.output


def test_a_service_that_listens_to_nobody_has_no_dead_letters() -> None:
    app = typer.Typer()
    mount(app, "registry", lambda: (_ for _ in ()).throw(AssertionError), None)
    result = CliRunner().invoke(app, ["--help"])
    assert "dead-letters" not in result.output


async def test_topics_makes_all_of_the_catalogue_and_changes_nothing_the_second_time(
    kafka: str, topic_prefix: str
) -> None:
    arguments = ("topics", "--bootstrap", kafka, "--prefix", topic_prefix)
    made, again = await run(bus_app, *arguments), await run(bus_app, *arguments)
    count = len(wanted())
    assert made.output == f"{count} topics are there and writable, {count} of them new\n"
    assert again.output == f"{count} topics are there and writable, 0 of them new\n"
    there = await Kafka(kafka, topic_prefix).partitions([each.name for each in wanted()])
    assert {name: len(each) for name, each in there.items()} == {each.name: each.partitions for each in wanted()}
    assert {topic.name for topic in TOPICS} < there.keys()
    assert {topics.PERSON.dead_letters("scoring").name, topics.TALLIES.name} < there.keys()
    await delete(Kafka(kafka, topic_prefix), [each.name for each in wanted()])


async def test_topics_refuses_one_that_is_other_than_the_catalogue_says(corner: Corner) -> None:
    result = await run(bus_app, "topics", "--bootstrap", corner.kafka.bootstrap, "--prefix", corner.kafka.prefix)
    assert result.exit_code == 1
    assert "registry.person has 3 partitions instead of 12" in result.output
    await delete(corner.kafka, [each.name for each in wanted()])


async def test_topics_without_kafka_is_a_sentence(kafka: str) -> None:  # noqa: ARG001 — for the network
    result = await run(bus_app, "topics", "--bootstrap", "127.0.0.1:1")
    assert result.exit_code == 1
    assert result.output == "Kafka does not answer at 127.0.0.1:1\n"
