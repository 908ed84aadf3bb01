"""Within a version only additions: whatever a reader of the last release would stumble over is refused."""

import copy as copies
import json
from collections.abc import Callable
from typing import Any

import pytest

from contracts.publication import release
from contracts.publication.places import Places
from contracts.publication.schemas import all_schemas

Schema = dict[str, Any]

MISSED = "activity.missed.v1"


def data_of(schema: Schema) -> Schema:
    found: Schema = schema["$defs"]["ParticipationV1"]
    return found


def after(change: Callable[[Schema], object]) -> list[str]:
    """Return the faults of today's schema of an absence, changed like this, against today's own."""
    old = all_schemas()[MISSED]
    new = copies.deepcopy(old)
    change(new)
    return list(release.breaks(old, new))


def without(name: str) -> Callable[[Schema], object]:
    def change(schema: Schema) -> None:
        del data_of(schema)["properties"][name]
        data_of(schema)["required"].remove(name)

    return change


def with_field(name: str, field: Schema, *, required: bool = False) -> Callable[[Schema], object]:
    def change(schema: Schema) -> None:
        data_of(schema)["properties"][name] = field
        if required:
            data_of(schema)["required"].append(name)

    return change


def test_nothing_changed_breaks_nothing() -> None:
    assert after(lambda _: None) == []


@pytest.mark.parametrize("field", [{"type": "string"}, {"anyOf": [{"type": "integer"}, {"type": "null"}]}])
def test_a_new_optional_field_is_an_addition(field: Schema) -> None:
    assert after(with_field("weather", field)) == []


def test_a_longer_list_of_words_is_an_addition() -> None:
    def change(schema: Schema) -> None:
        outcome = data_of(schema)["properties"]["outcome"]
        outcome["x-extensible-enum"].append("late")
        outcome["x-words"]["late"] = "came late"

    assert after(change) == []


def test_another_description_breaks_nothing() -> None:
    assert after(lambda schema: data_of(schema)["properties"]["kind"].update(description="clearer words")) == []


def test_a_removed_field_is_refused() -> None:
    assert after(without("theme")) == ["the field data.theme was released and is gone"]


def test_a_changed_type_is_refused() -> None:
    assert "the type of data.hosts was list of id and is text" in after(with_field("hosts", {"type": "string"}))


def test_a_new_required_field_is_refused() -> None:
    (fault,) = after(with_field("weather", {"type": "string"}, required=True))
    assert fault == "the field data.weather is new and required; within a version a new field is optional"


def test_what_a_new_optional_list_requires_of_its_own_entries_is_an_addition() -> None:
    entry = {"type": "object", "properties": {"mark": {"type": "integer"}}, "required": ["mark"]}
    assert after(with_field("marks", {"type": "array", "items": entry})) == []


def test_a_new_required_field_of_entries_that_were_released_is_refused() -> None:
    old = all_schemas()["points.changed.v1"]
    new = copies.deepcopy(old)
    new["$defs"]["Line"]["properties"]["weather"] = {"type": "string"}
    new["$defs"]["Line"]["required"].append("weather")
    (fault,) = release.breaks(old, new)
    assert fault.startswith("the field data.lines[].weather is new and required")


def test_a_field_that_need_no_longer_be_there_is_refused() -> None:
    (fault,) = after(lambda schema: data_of(schema)["required"].remove("kind"))
    assert fault == "the requirement of data.kind was required and is optional"


def test_a_field_that_may_now_be_null_is_refused() -> None:
    kind = data_of(all_schemas()[MISSED])["properties"]["kind"]
    nullable = {"anyOf": [{key: kind[key] for key in ("pattern", "type", "x-kind")}, {"type": "null"}]}
    (fault,) = after(with_field("kind", nullable))
    assert fault == "the requirement of data.kind was required and is required, may be null"


def test_another_form_of_the_same_text_is_refused() -> None:
    (fault,) = after(lambda schema: data_of(schema)["properties"]["person"].update(pattern="^.*$"))
    assert fault.startswith("the limits of data.person was")


def test_another_unit_is_refused() -> None:
    old = all_schemas()["points.changed.v1"]
    new = copies.deepcopy(old)
    new["$defs"]["Line"]["properties"]["value_tenths"]["x-unit"] = "points"
    assert list(release.breaks(old, new)) == [
        "the unit of data.lines[].value_tenths was tenths of a point and is points"
    ]


def test_what_only_the_schema_comparison_sees_is_refused_too() -> None:
    new = all_schemas()[MISSED]
    old = copies.deepcopy(new)
    data_of(old)["properties"]["hosts"]["minItems"] = 1
    assert list(release.breaks(old, new)) == ["a value that it may have now was refused by the released schema"]


def test_todays_contracts_keep_the_last_release(repository: Places) -> None:
    assert list(release.faults(repository, all_schemas())) == []


def test_a_released_type_that_is_gone_is_refused(repository: Places) -> None:
    schemas = all_schemas()
    del schemas[MISSED]
    (fault,) = release.faults(repository, schemas)
    assert fault.startswith("activity.missed.v1 was released and is gone")


def test_a_doctored_release_is_compared_with_the_classes(copy: Places) -> None:
    path = copy.releases / "1" / f"{MISSED}.json"
    schema = json.loads(path.read_text("utf-8"))
    data_of(schema)["properties"]["weather"] = {"type": "string"}
    path.write_text(json.dumps(schema), "utf-8")
    assert list(release.faults(copy, all_schemas())) == [f"{MISSED}: the field data.weather was released and is gone"]


@pytest.mark.parametrize("hurt", [lambda path: path.unlink(), lambda path: path.write_text("{}", "utf-8")])
def test_a_golden_example_that_was_released_can_be_neither_changed_nor_dropped(
    copy: Places, hurt: Callable[[Any], object]
) -> None:
    hurt(copy.examples_of(MISSED)[0])
    (fault,) = release.faults(copy, all_schemas())
    assert fault.startswith("the golden example activity.missed.v1/typical.json was released and is changed or gone")


def test_a_further_example_is_welcome(copy: Places) -> None:
    (copy.examples / MISSED / "another.json").write_text("{}", "utf-8")
    assert list(release.faults(copy, all_schemas())) == []


def test_the_tenth_release_comes_after_the_ninth(copy: Places) -> None:
    (copy.releases / "9").mkdir()
    assert release.freeze(copy, all_schemas()).name == "10"
    assert release.latest(copy) == copy.releases / "10"


def test_without_any_release_the_check_says_how_to_make_one(copy: Places) -> None:
    (copy.releases / "1").rename(copy.releases / "draft")
    (fault,) = release.faults(copy, all_schemas())
    assert "python -m contracts release" in fault
