"""The outbox refuses what the catalogue forbids, and writes journal and pending as one."""

import dataclasses

import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError

from bus.errors import CannotPublish
from bus.outbox import MAX_VALUE_BYTES, Outbox
from contracts import topics
from contracts.catalogue import Topic
from contracts.envelope import Envelope, decode
from support.bus import COUNTY, TABLES, Corner, person, uuid


async def test_an_event_is_journalled_and_pending_in_the_order_given(store: Corner) -> None:
    events = [person() for _ in range(5)]
    await store.publish(*events)
    rows = await store.rows("SELECT topic, key, subject, value FROM journal JOIN pending USING (id) ORDER BY id")
    assert [(row[0], row[1], row[2]) for row in rows] == [
        ("registry.person", event.subject, event.subject) for _, event in events
    ]
    assert [decode(row[3]) for row in rows] == [event for _, event in events]


async def test_what_is_rolled_back_was_never_published(store: Corner) -> None:
    async def publish_and_fail() -> None:
        async with store.sessions.begin(COUNTY) as session:
            await Outbox(session, TABLES, "registry").add(person())
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await publish_and_fail()
    assert await store.count("journal") + await store.count("pending") == 0


async def test_one_version_of_a_subject_is_published_once(store: Corner) -> None:
    subject = uuid()
    await store.publish(person(subject, 1))
    with pytest.raises(IntegrityError, match="uq_journal_subject_version"):
        await store.publish(person(subject, 1))


@pytest.mark.parametrize(
    ("event", "sentence"),
    [
        ((dataclasses.replace(topics.PERSON, name="registry.cat"), person()[1]), "not in the catalogue"),
        ((topics.POINTS, person()[1]), "belongs to scoring"),
        ((topics.ORGANISATION, person()[1]), "does not carry person.registered.v1"),
        (person(type="person.registered.v9"), "does not carry person.registered.v9"),
        (person(data={"kind": "tuixiu"}), "party_member"),
        (person(data={**person()[1].data, "name": "王"}), "cannot go on registry.person: name: extra_forbidden$"),
        (person(subject=f"{uuid()}/{uuid()}"), "a subject on registry.person is person"),
        (person(source="/jinqiu/scoring"), "belongs to registry"),
    ],
)
async def test_what_the_catalogue_forbids_is_refused(
    store: Corner, event: tuple[Topic, Envelope], sentence: str
) -> None:
    with pytest.raises(CannotPublish, match=sentence):
        await store.publish(event)
    assert await store.count("journal") == 0


async def test_a_value_over_512_kib_is_refused(store: Corner) -> None:
    code = {"code": "A", "since": "2022-01-01"}
    data = {**person()[1].data, "classes": [code] * (MAX_VALUE_BYTES // 30)}
    with pytest.raises(CannotPublish, match="524288 are allowed"):
        await store.publish(person(data=data))


async def test_the_api_publishes_for_its_own_county_only(store: Corner) -> None:
    async with store.api.begin(COUNTY) as session:
        await Outbox(session, TABLES, "registry").add(person())
    with pytest.raises(DBAPIError, match="row-level security"):
        async with store.api.begin(uuid()) as session:
            await Outbox(session, TABLES, "registry").add(person())
    assert await store.count("pending") == 1


@pytest.mark.parametrize("table", ["pending", "inbox", "positions", "attempts", "relay_log", "dead_letters"])
async def test_the_api_cannot_read_the_workers_tables(store: Corner, table: str) -> None:
    with pytest.raises(DBAPIError, match="permission denied"):
        async with store.api.begin(COUNTY) as session:
            await session.execute(TABLES.journal.metadata.tables[table].select())


async def test_nobody_changes_the_journal(store: Corner) -> None:
    await store.publish(person())
    for sessions in (store.api, store.sessions):
        with pytest.raises(DBAPIError, match="permission denied"):
            async with sessions.begin(COUNTY) as session:
                await session.execute(TABLES.journal.delete())
