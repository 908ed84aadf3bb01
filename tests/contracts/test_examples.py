"""Golden examples: our classes, the official SDK and the committed schemas all read every one of them."""

import json
from pathlib import Path
from typing import get_args

import jsonschema  # type: ignore[import-untyped]
import pytest
from cloudevents.core.bindings.kafka import KafkaMessage, from_structured_event
from cloudevents.core.v1.event import CloudEvent

from contracts.catalogue import TOPICS, Topic
from contracts.envelope import decode
from contracts.fields import Shape
from contracts.publication import examples
from contracts.publication.places import Places

REPOSITORY = Places(Path(__file__).resolve().parents[2])
EXAMPLES = [
    pytest.param(topic, type_, path, id=f"{type_}/{path.stem}")
    for topic in TOPICS
    for type_ in topic.types
    for path in REPOSITORY.examples_of(type_)
]
every_example = pytest.mark.parametrize(("topic", "type_", "path"), EXAMPLES)


def test_every_type_has_golden_examples_that_parse() -> None:
    assert list(examples.faults(REPOSITORY)) == []


@every_example
def test_the_official_sdk_reads_the_example(topic: Topic, type_: str, path: Path) -> None:
    headers = {"content-type": b"application/cloudevents+json"}
    found = from_structured_event(KafkaMessage(headers=headers, key=None, value=path.read_bytes()))
    assert isinstance(found, CloudEvent)
    assert (found.get_type(), found.get_source()) == (type_, f"/jinqiu/{topic.owner}")
    assert found.get_data() == json.loads(path.read_bytes())["data"]


@every_example
def test_the_committed_schema_accepts_the_example(topic: Topic, type_: str, path: Path) -> None:
    assert topic.shape(type_)
    schema = json.loads((REPOSITORY.schemas / f"{type_}.json").read_text("utf-8"))
    checker = jsonschema.Draft202012Validator.FORMAT_CHECKER
    jsonschema.Draft202012Validator(schema, format_checker=checker).validate(json.loads(path.read_bytes()))


@every_example
def test_the_example_is_what_a_producer_could_build(topic: Topic, type_: str, path: Path) -> None:
    data = decode(path.read_bytes()).data
    topic.shape(type_).model_validate_json(json.dumps(data), extra="forbid")


@pytest.mark.parametrize("shape", {topic.shape(type_): None for topic in TOPICS for type_ in topic.types})
def test_the_examples_show_every_field_that_may_be_null_both_ways(shape: type[Shape]) -> None:
    types = [type_ for topic in TOPICS for type_ in topic.types if topic.shape(type_) is shape]
    shown = [decode(path.read_bytes()).data for type_ in types for path in REPOSITORY.examples_of(type_)]
    for name, field in shape.model_fields.items():
        if type(None) in get_args(field.annotation):
            assert {data.get(name) is None for data in shown} == {True, False}, name


def test_a_schema_refuses_an_event_of_another_type() -> None:
    schema = json.loads((REPOSITORY.schemas / "activity.attended.v1.json").read_text("utf-8"))
    other = json.loads(REPOSITORY.examples_of("activity.missed.v1")[0].read_bytes())
    assert not jsonschema.Draft202012Validator(schema).is_valid(other)


def test_an_example_that_no_longer_parses_is_told_by_its_name(copy: Places) -> None:
    path = copy.examples_of("person.died.v1")[0]
    event = json.loads(path.read_bytes())
    del event["data"]["status"]
    path.write_text(json.dumps(event), "utf-8")
    (fault,) = examples.faults(copy)
    assert fault.startswith("the golden example person.died.v1/typical.json can no longer be read")


def test_a_type_without_examples_is_told(copy: Places) -> None:
    for path in copy.examples_of("period.opened.v1"):
        path.unlink()
    assert list(examples.faults(copy)) == ["period.opened.v1 needs 2 golden examples or more, one of them typical.json"]


def test_an_example_of_another_type_is_told(copy: Places) -> None:
    path = copy.examples_of("activity.excused.v1")[0]
    path.write_bytes(copy.examples_of("activity.missed.v1")[0].read_bytes())
    assert list(examples.faults(copy)) == [
        "the golden example activity.excused.v1/typical.json is of type activity.missed.v1"
    ]
