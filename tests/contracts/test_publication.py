"""What is written from the classes is committed as they are now, the same bytes on every machine."""

import json
import re
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest

from contracts.__main__ import check, main
from contracts.catalogue import TOPICS
from contracts.publication import generated
from contracts.publication.asyncapi import asyncapi
from contracts.publication.places import Places
from contracts.publication.schemas import all_schemas
from contracts.publication.yaml_text import as_yaml


def test_the_committed_files_are_todays(repository: Places) -> None:
    assert check(repository) == []


@pytest.mark.parametrize(
    "name",
    ["docs/events.md", "docs/asyncapi.yaml", "libs/contracts/src/contracts/schemas/person.died.v1.json"],
)
def test_a_file_that_was_edited_or_removed_is_stale(copy: Places, name: str) -> None:
    sentence = [f"{name} is stale; run: python -m contracts generate"]
    path = copy.root / name
    path.write_text(path.read_text("utf-8") + " ", "utf-8")
    assert check(copy) == sentence
    path.unlink()
    assert check(copy) == sentence


def test_a_schema_of_a_type_that_nobody_publishes_is_stale(copy: Places) -> None:
    (copy.schemas / "person.vanished.v1.json").write_text("{}", "utf-8")
    (fault,) = check(copy)
    assert "person.vanished.v1.json is stale" in fault


def test_generating_repairs_what_is_stale_and_then_has_nothing_to_write(copy: Places) -> None:
    copy.events_page.write_text("edited", "utf-8")
    (copy.schemas / "person.vanished.v1.json").write_text("{}", "utf-8")
    assert generated.generate(copy, all_schemas()) == [copy.events_page, copy.schemas / "person.vanished.v1.json"]
    assert generated.generate(copy, all_schemas()) == []
    assert check(copy) == []


def test_the_command_ends_non_zero_with_the_sentence(copy: Places, capsys: pytest.CaptureFixture[str]) -> None:
    copy.asyncapi.unlink()
    assert main(["check"], copy) == 1
    assert capsys.readouterr().out == "docs/asyncapi.yaml is stale; run: python -m contracts generate\n"
    assert main(["generate"], copy) == 0
    assert main(["check"], copy) == 0
    assert capsys.readouterr().out.endswith("the contracts hold\n")


@pytest.mark.parametrize("arguments", [[], ["destroy"], ["check", "twice"]])
def test_a_wrong_command_is_told_how_to_ask(
    copy: Places, capsys: pytest.CaptureFixture[str], arguments: list[str]
) -> None:
    assert main(arguments, copy) == 2
    assert capsys.readouterr().err.startswith("usage: python -m contracts")


def test_a_release_is_written_once_asked_for(copy: Places, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["release"], copy) == 0
    assert capsys.readouterr().out == "wrote libs/contracts/releases/2\n"
    assert check(copy) == []


def test_every_schema_is_a_json_schema() -> None:
    for schema in all_schemas().values():
        jsonschema.Draft202012Validator.check_schema(schema)


def test_no_schema_shuts_out_a_later_field() -> None:
    assert not [name for name, schema in all_schemas().items() if '"additionalProperties": false' in json.dumps(schema)]


def test_every_field_and_attribute_is_described(repository: Places) -> None:
    page = repository.events_page.read_text("utf-8")
    lines = [line for line in page.splitlines() if line.startswith("| `")]
    assert len(lines) > 100
    assert not [
        line
        for line in lines
        if line.split(" | ")[-1].strip(" |") == "" and "scorable" not in line and ".v" not in line
    ]


def test_the_page_links_to_headings_that_exist(repository: Places) -> None:
    page = repository.events_page.read_text("utf-8")
    headings = {
        re.sub(r"[^a-z -]", "", line[3:].lower()).replace(" ", "-") for line in page.splitlines() if line[:3] == "## "
    }
    assert set(re.findall(r"\(#([^)]+)\)", page)) <= headings


def test_the_page_shows_an_example_of_every_type(repository: Places) -> None:
    page = repository.events_page.read_text("utf-8")
    blocks = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", page, flags=re.DOTALL)]
    assert [block["type"] for block in blocks] == [type_ for topic in TOPICS for type_ in topic.types]


def test_the_page_says_which_types_have_which_data(repository: Places) -> None:
    page = repository.events_page.read_text("utf-8")
    for topic in TOPICS:
        for type_ in topic.types:
            assert f"| `{type_}` | `{topic.shape(type_).__name__}` |" in page
    assert "`data` of `exemption.granted.v1`, `exemption.ended.v1`, `exemption.withdrawn.v1` is `ExemptionV1`:" in page


def test_every_reference_in_the_asyncapi_document_leads_somewhere() -> None:
    document = asyncapi()
    found = set(re.findall(r'"\$ref": "#/([^"]+)"', json.dumps(document)))
    assert found
    for path in found:
        node = document
        for part in path.split("/"):
            node = node[part]


def test_the_asyncapi_document_is_written_from_the_catalogue(repository: Places) -> None:
    document = asyncapi()
    assert list(document["channels"]) == [topic.name for topic in TOPICS]
    assert repository.asyncapi.read_text("utf-8") == as_yaml(document)


def test_yaml_is_written_in_blocks_with_every_text_quoted() -> None:
    data = {"a": [{"b": "学", "c": [1, None]}, [], "no"], "$ref": {"d": True}, "null": {}}
    assert as_yaml(data).splitlines() == [
        "a:",
        '  - b: "学"',
        "    c:",
        "      - 1",
        "      - null",
        "  - []",
        '  - "no"',
        '"$ref":',
        "  d: true",
        '"null": {}',
    ]


def test_a_service_does_not_load_the_tools_of_publication() -> None:
    sources = (Path(__file__).resolve().parents[2] / "libs/contracts/src/contracts").glob("*.py")
    assert [path.name for path in sources if "contracts.publication" in path.read_text("utf-8")] == ["__main__.py"]
