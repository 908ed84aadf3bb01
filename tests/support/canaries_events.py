"""Records that no service of ours would write, with a canary wherever one can stand."""

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from aiokafka import AIOKafkaProducer

from contracts import topics
from contracts.envelope import encode
from scoring.ledger.domain.standing import Life
from services.scoring.envelopes import new_id, person_event
from support.canaries import CANARY
from support.canaries_outside import Outside

NAME, WORD = CANARY.name(3), CANARY.login(3)
CONSUMED = (topics.COUNTY, topics.ORGANISATION, topics.PERSON, topics.MEMBERSHIP, topics.PARTICIPATION)


class Sent(NamedTuple):
    topic: str
    value: bytes | None
    key: bytes | None = None
    headers: tuple[tuple[str, bytes], ...] = ()


def broken() -> Iterator[Sent]:
    """On every topic what is no event at all, and on one each attribute wrong, one at a time."""
    for topic in CONSUMED:
        yield Sent(topic.name, f'{{"name": "{NAME}", "phone": '.encode(), NAME.encode())
        yield Sent(topic.name, json.dumps({"name": NAME, "identity_number": CANARY.identity(3)}).encode())
        yield Sent(topic.name, NAME.encode("gb18030"), None, ((NAME, NAME.encode()), ("ce_type", NAME.encode())))
        yield Sent(topic.name, None, NAME.encode())
    for value in _people():
        yield Sent(topics.PERSON.name, json.dumps(value).encode(), WORD.encode(), ((WORD, NAME.encode()),))


def _people() -> Iterator[dict[str, Any]]:
    for attribute in _person():
        yield _person() | {attribute: NAME}
        yield _person() | {attribute: {NAME: CANARY.phone(3)}}
    for field in ("rank", "classes", "status_since", "party_member"):
        yield _person() | {"data": _person()["data"] | {field: NAME}}
    yield _person() | {"data": {NAME: WORD}}
    yield _person() | {"data": _person()["data"] | {"classes": [{"code": NAME, "since": "2022-01-01"}, {NAME: 1}]}}
    yield _person() | {"subject": f"{new_id()}/{WORD}"}
    yield _person() | {"type": "person.registered.v9", NAME: NAME}


def _person() -> dict[str, Any]:
    event = person_event(new_id(), new_id(), Life(1))
    found: dict[str, Any] = json.loads(encode(event))
    return found


async def send(outside: Outside) -> int:
    """Write them all, and remember where they are."""
    producer = AIOKafkaProducer(bootstrap_servers=outside.facts["kafka"])
    await producer.start()
    try:
        for sent in broken():
            place = await producer.send_and_wait(sent.topic, sent.value, sent.key, headers=list(sent.headers))
            outside.sent.add((place.topic, place.partition, place.offset))
    finally:
        await producer.stop()
    return len(outside.sent)
