"""Topics as they must be: made where missing, compared where they exist, writable before anybody relies on them."""

import asyncio
import secrets
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from aiokafka.admin import AIOKafkaAdminClient, NewTopic
from aiokafka.admin.config_resource import ConfigResource, ConfigResourceType
from aiokafka.errors import for_code

from bus.errors import CannotStart
from bus.kafka.cluster import Kafka
from bus.kafka.records import Outgoing, Partition

_EXISTS = 36
_PATIENCE_S = 30


class Wanted(NamedTuple):
    """A topic under its catalogue name, with the settings that matter."""

    name: str
    partitions: int
    config: Mapping[str, str]


async def ensure(kafka: Kafka, wanted: Sequence[Wanted], replication: int) -> list[str]:
    """Make what is missing and return its names. Raises CannotStart if Kafka refuses, or has it otherwise."""
    made = await make(kafka, wanted, replication)
    async with kafka.admin() as admin:  # not before: a broker may answer for a new topic that it has no settings
        await _compare_config(admin, kafka, wanted)
    await _prove_writing(kafka, replication)
    return made


async def make(kafka: Kafka, wanted: Sequence[Wanted], replication: int) -> list[str]:
    """Make what is missing, wait until every partition has its leader, and return the new names."""
    async with kafka.admin() as admin:
        made = await _create(admin, kafka, wanted, replication)
    await _compare_partitions(kafka, wanted)
    await _await_leaders(kafka, wanted)
    return made


async def require(kafka: Kafka, wanted: Wanted, like: str) -> int:
    """Raise CannotStart unless the wanted topic is there, set as wanted, with as many partitions as `like`.

    Returns how many that is: a test has fewer than the catalogue.
    """
    found = await kafka.existing([wanted.name, like])
    if len(found[wanted.name]) != len(found[like]):
        raise CannotStart(
            f"{wanted.name} has {len(found[wanted.name])} partitions and {like} {len(found[like])}: "
            "delete the former and run `python -m bus topics`"
        )
    async with kafka.admin() as admin:
        await _compare_config(admin, kafka, [wanted])
    return len(found[like])


async def delete(kafka: Kafka, names: Sequence[str]) -> None:
    """Delete topics; what does not exist is no fault."""
    async with kafka.admin() as admin:
        await admin.delete_topics([kafka.names.outer(name) for name in names])


async def _create(admin: AIOKafkaAdminClient, kafka: Kafka, wanted: Sequence[Wanted], replication: int) -> list[str]:
    """Ask for all of them: Kafka answers topic by topic, and raises nothing."""
    new = [
        NewTopic(kafka.names.outer(each.name), each.partitions, replication, None, dict(each.config)) for each in wanted
    ]
    response = await admin.create_topics(new)
    answers = {kafka.names.inner(topic): (code, message) for topic, code, message in response.topic_errors}
    for name, (code, message) in answers.items():
        if code not in (0, _EXISTS):
            raise CannotStart(f"Kafka refuses topic {name}: {message or for_code(code).__name__}")
    return [name for name, (code, _) in answers.items() if code == 0]


async def _compare_partitions(kafka: Kafka, wanted: Sequence[Wanted]) -> None:
    found = await _found(kafka, [each.name for each in wanted])
    for each in wanted:
        has = len(found[each.name])
        if has != each.partitions:
            raise CannotStart(
                f"{each.name} has {has} partitions instead of {each.partitions}; they are never added to: "
                "delete the topic, create it again, and republish"
            )


async def _found(kafka: Kafka, names: Sequence[str]) -> dict[str, list[Partition]]:
    """Wait until Kafka speaks of all of them: what it has just made is not in its answers at once."""
    async with asyncio.timeout(_PATIENCE_S):
        while len(found := await kafka.partitions(names)) < len(names):  # noqa: ASYNC110 — Kafka tells nobody
            await asyncio.sleep(0.05)
    return found


async def _compare_config(admin: AIOKafkaAdminClient, kafka: Kafka, wanted: Sequence[Wanted]) -> None:
    asked = [ConfigResource(ConfigResourceType.TOPIC, kafka.names.outer(each.name)) for each in wanted]
    has: dict[str, dict[str, str]] = {}
    for response in await admin.describe_configs(asked):
        for _, _, _, name, entries in response.resources:
            has[kafka.names.inner(name)] = {entry[0]: entry[1] for entry in entries}
    for each in wanted:
        for key, value in each.config.items():
            if has.get(each.name, {}).get(key) != value:
                raise CannotStart(f"{each.name} has {key}={has.get(each.name, {}).get(key)} instead of {value}")


async def _await_leaders(kafka: Kafka, wanted: Sequence[Wanted]) -> None:
    """Ask every partition's leader where its log ends: it does not answer before it would also take a record."""
    async with kafka.reader() as reader:
        await reader.ends(Partition(each.name, number) for each in wanted for number in range(each.partitions))


async def _prove_writing(kafka: Kafka, replication: int) -> None:
    """Have a record acknowledged on a topic of its own: on the catalogue's it would be there for ever, and no event."""
    probe = Wanted(f"probe.{secrets.token_hex(4)}", 1, {"retention.ms": "3600000"})
    await make(kafka, [probe], replication)
    try:
        async with kafka.producer() as producer:
            await producer.send([Outgoing(probe.name, None, b"", ())])
    finally:
        await delete(kafka, [probe.name])
