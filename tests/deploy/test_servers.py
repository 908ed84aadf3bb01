"""What the other tests stand on: the shared servers, their databases, roles and topics."""

from collections.abc import Awaitable, Callable

import pytest
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from stack.postgres import Address, SqlFailed
from support.databases import Database


def test_the_server_is_postgresql_18_with_a_builtin_locale(postgres: Address) -> None:
    assert postgres.sql("SHOW server_version").startswith("18.")
    assert postgres.sql("SELECT datlocprovider, datlocale FROM pg_database WHERE datname = 'template0'") == "b|C.UTF-8"


def test_a_copy_is_dropped_only_after_its_test(database: Callable[[str], Database]) -> None:
    first, second = database("plain"), database("plain")
    first.sql("CREATE TABLE public.only_here (a int)")
    assert second.sql("SELECT to_regclass('public.only_here') IS NULL") == "t"


def test_no_role_of_a_service_is_a_superuser(postgres: Address, database: Callable[[str], Database]) -> None:
    database("plain")
    rows = postgres.sql("SELECT rolname, rolsuper, rolbypassrls FROM pg_roles WHERE rolname ~ '^plain_' ORDER BY 1")
    assert rows.splitlines() == ["plain_api|f|f", "plain_owner|f|f", "plain_worker|f|t"]


def test_the_api_role_reads_and_writes_what_the_owner_creates_and_creates_nothing(
    database: Callable[[str], Database],
) -> None:
    plain = database("plain")
    plain.sql("SET ROLE plain_owner; CREATE TABLE plain.things (name text)")
    plain.sql("SET ROLE plain_api; INSERT INTO plain.things VALUES ('a'); DELETE FROM plain.things")
    with pytest.raises(SqlFailed, match="permission denied"):
        plain.sql("SET ROLE plain_api; CREATE TABLE plain.more (name text)")


def test_the_api_role_sees_one_county_and_the_worker_all(database: Callable[[str], Database]) -> None:
    plain = database("plain")
    plain.sql(
        "SET ROLE plain_owner; CREATE TABLE plain.things (county text); ALTER TABLE plain.things ENABLE ROW LEVEL"
        " SECURITY; CREATE POLICY fence ON plain.things USING (county = current_setting('app.county', true))"
    )
    plain.sql("SET ROLE plain_worker; INSERT INTO plain.things VALUES ('a'), ('b')")
    assert plain.sql("SET ROLE plain_worker; SELECT count(*) FROM plain.things") == "2"
    assert plain.sql("SET ROLE plain_api; SET app.county = 'a'; SELECT string_agg(county, '') FROM plain.things") == "a"
    assert plain.sql("SET ROLE plain_api; SELECT count(*) FROM plain.things") == "0"


async def test_a_made_topic_takes_and_gives_records(
    kafka: str, topic_prefix: str, make_topics: Callable[..., Awaitable[list[str]]]
) -> None:
    [name] = await make_topics(f"{topic_prefix}letters", partitions=3)
    async with AIOKafkaProducer(bootstrap_servers=kafka, acks="all") as producer:
        await producer.send_and_wait(name, b"hello", partition=2)
    async with AIOKafkaConsumer(name, bootstrap_servers=kafka, auto_offset_reset="earliest") as consumer:
        assert (await consumer.getone()).value == b"hello"
