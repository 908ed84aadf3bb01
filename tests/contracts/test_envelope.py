"""An event becomes bytes and comes back; whatever else arrives is refused with a ValueError."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from pydantic import ValidationError

from contracts.envelope import Envelope, contents, decode, encode, read
from contracts.registry import DatedCode, PersonV1
from contracts.scoring import PointsV1

Wire = Callable[..., dict[str, Any]]
Event = Callable[..., Envelope]


def raw(attributes: dict[str, Any]) -> bytes:
    return json.dumps(attributes, ensure_ascii=False).encode()


def test_what_was_encoded_is_decoded_unchanged(event: Event) -> None:
    before = event(onbehalfof="01900000-0000-7000-8000-000000000101", data={"词": "学习", "n": None})
    assert decode(encode(before)) == before


def test_chinese_stands_unescaped_on_the_wire(event: Event) -> None:
    assert "学习活动".encode() in encode(event(data={"title": "学习活动"}))


def test_optional_attributes_that_are_absent_are_left_out_but_nulls_in_data_stay(event: Event) -> None:
    on_the_wire = json.loads(encode(event(data={"theme": None})))
    assert not {"onbehalfof", "causationid", "traceparent"} & on_the_wire.keys()
    assert on_the_wire["data"] == {"theme": None}


def test_times_are_written_in_utc_with_a_z(event: Event) -> None:
    assert json.loads(encode(event()))["time"] == "2022-03-05T01:30:00Z"


def test_attribute_names_are_those_cloudevents_allows() -> None:
    for name in Envelope.model_fields:
        assert name.isascii()
        assert name.isalnum()
        assert name == name.lower()
        assert len(name) <= 20


def test_an_attribute_that_a_later_release_added_is_ignored(wire: Wire) -> None:
    assert decode(raw(wire(dataschema="urn:later"))) == decode(raw(wire()))


def test_a_producer_cannot_add_an_attribute_of_its_own(wire: Wire) -> None:
    with pytest.raises(ValidationError, match="dataschema"):
        Envelope(**wire(dataschema="urn:mine"))


@pytest.mark.parametrize(
    "bytes_",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"null", id="null"),
        pytest.param(b"[]", id="a list"),
        pytest.param(b'"text"', id="a text"),
        pytest.param(b"{", id="half an object"),
        pytest.param(b"\xef\xbb\xbf{}", id="a byte order mark"),
        pytest.param(b"\xff\xfe", id="not UTF-8"),
        pytest.param(b"\x00\x00\x00\x00\x05binary", id="a schema registry's frame"),
        pytest.param(b"[" * 100_000, id="endless nesting"),
    ],
)
def test_what_is_no_json_object_is_refused(bytes_: bytes) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode(bytes_)


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity"])
def test_a_number_that_json_does_not_have_is_refused(wire: Wire, number: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        decode(raw(wire(data={"n": "?"})).replace(b'"?"', number.encode()))


def test_a_text_that_says_nan_is_no_number(wire: Wire) -> None:
    assert decode(raw(wire(data={"place": "NaN"}))).data == {"place": "NaN"}


@pytest.mark.parametrize(
    "name",
    [
        "specversion", "id", "source", "type", "subject", "time", "county", "recordedtime",
        "aggregateversion", "actor", "origin", "correlationid", "data",
    ],
)  # fmt: skip
def test_an_event_without_a_required_attribute_is_refused(wire: Wire, name: str) -> None:
    with pytest.raises(ValueError, match=name):
        decode(raw(wire(**{name: ...})))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("specversion", "0.3"),
        ("specversion", "2.0"),
        ("specversion", 1.0),
        ("id", 7),
        ("id", "01900000-0000-4000-8000-000000000001"),
        ("id", "01900000-0000-7000-8000-00000000000A"),
        ("id", "01900000-0000-7000-8000-000000000001\n"),
        ("source", "registry"),
        ("source", "/elsewhere/registry"),
        ("type", "activity.attended"),
        ("type", "activity.attended.v0"),
        ("type", "Activity.attended.v1"),
        ("subject", ""),
        ("subject", "张三"),
        ("time", None),
        ("time", 1646443800),
        ("time", "1646443800"),
        ("time", "2022-03-05"),
        ("time", "2022-03-05T01:30:00"),
        ("time", "2022-03-05 01:30:00Z"),
        ("time", "2022-03-05T09:30:00+08:00"),
        ("time", "2022-13-05T01:30:00Z"),
        ("time", "2022-03-05T01:30:00Z\n"),
        ("recordedtime", "yesterday"),
        ("datacontenttype", "text/plain"),
        ("county", "taoyuan"),
        ("aggregateversion", 0),
        ("aggregateversion", "1"),
        ("aggregateversion", 1.0),
        ("aggregateversion", True),
        ("aggregateversion", 2**31),
        ("actor", "张三"),
        ("onbehalfof", "张三"),
        ("origin", ""),
        ("origin", 1),
        ("correlationid", "request-1"),
        ("traceparent", "00-abc"),
        ("data", None),
        ("data", "text"),
        ("data", []),
    ],
)
def test_a_malformed_attribute_is_refused(wire: Wire, name: str, value: object) -> None:
    with pytest.raises(ValidationError, match=name):
        decode(raw(wire(**{name: value})))


@pytest.mark.parametrize("moment", [datetime(2022, 3, 5), datetime(2022, 3, 5, tzinfo=timezone(timedelta(hours=8)))])  # noqa: DTZ001
def test_a_producer_cannot_give_a_time_that_is_not_utc(wire: Wire, moment: datetime) -> None:
    with pytest.raises(ValidationError, match="UTC"):
        Envelope(**wire(time=moment))


def test_a_time_of_a_database_driver_is_taken_as_utc(wire: Wire) -> None:
    moment = datetime(2022, 3, 5, 1, 30, tzinfo=timezone(timedelta(0)))
    assert Envelope(**wire(time=moment)).time.tzinfo is UTC


def person(**changes: Any) -> PersonV1:
    plain: dict[str, Any] = {
        "kind": "tuixiu", "party_member": True, "rank": None, "classes": (), "capacities": (), "township": None,
        "residence": None, "status": "active", "status_since": None, "statuses": (),
    }  # fmt: skip
    return PersonV1(**(plain | changes))


def test_a_consumer_ignores_fields_it_does_not_know_at_every_depth(event: Event) -> None:
    dated = DatedCode.model_validate_json('{"code": "B", "since": "2022-01-01"}')
    state = person(classes=(dated,))
    data: dict[str, Any] = contents(state)
    data["added_later"] = {"deep": [1]}
    data["classes"][0]["added_later"] = "x"
    assert read(PersonV1, event(data=data)) == state


def test_a_consumer_is_handed_a_word_that_a_later_release_added(event: Event) -> None:
    assert read(PersonV1, event(data=contents(person()) | {"kind": "dependant"})).kind == "dependant"


@pytest.mark.parametrize(
    "change",
    [{"kind": "vip"}, {"kind": ""}, {"residence": "moon"}, {"rank": "处级"}, {"township": "13800138000"}, {"extra": 1}],
)
def test_a_producer_cannot_say_what_the_contract_does_not_have(change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        person(**change)


@pytest.mark.parametrize(
    "change",
    [
        {"kind": None},
        {"party_member": "yes"},
        {"party_member": 1},
        {"classes": None},
        {"classes": [{"code": "A"}]},
        {"status_since": "2022-01-01T00:00:00Z"},
        {"status_since": 19000},
        {"status_since": "01/02/2022"},
    ],
)
def test_data_of_the_wrong_type_is_refused(event: Event, change: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        read(PersonV1, event(data=contents(person()) | change))


def test_data_without_a_field_is_refused(event: Event) -> None:
    data = contents(person())
    del data["rank"]
    with pytest.raises(ValidationError, match="rank"):
        read(PersonV1, event(data=data))


def test_a_number_too_large_for_anybody_is_refused_as_bad_data(event: Event) -> None:
    with pytest.raises(ValueError, match="64"):
        read(PersonV1, event(data=contents(person()) | {"extra": 10**30}))


@pytest.mark.parametrize("value", [10**30, "\ud800"])
def test_data_that_cannot_be_written_is_refused_while_publishing(event: Event, value: object) -> None:
    with pytest.raises(ValueError, match=r"."):
        encode(event(data={"n": value}))


@pytest.mark.parametrize("code", ["13800138000", "430725190001011234", "43072519000101123X", "桃源", "", "a b"])
def test_no_telephone_identity_number_or_chinese_text_fits_into_a_code(code: str) -> None:
    with pytest.raises(ValidationError):
        DatedCode.model_validate_json(json.dumps({"code": code, "since": "2022-01-01"}))


def test_points_are_whole_tenths() -> None:
    half: dict[str, Any] = {"base_tenths": 2.5}
    with pytest.raises(ValidationError, match="base_tenths"):
        PointsV1.model_validate_json(json.dumps({"totals": [half]}))
