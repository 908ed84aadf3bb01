"""JSON Schemas as consumers may rely on them: open, because a later release of the same version may add fields."""

import json
from collections.abc import Iterable
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema

from contracts.catalogue import TOPICS, Topic
from contracts.envelope import Envelope

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"

Schema = dict[str, Any]


class _Untitled(GenerateJsonSchema):
    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002 -- a title here is the name again
        return False


def _opened(node: Any) -> Any:
    """Undo the strictness of the producers' classes, and drop defaults, which are not on the wire."""
    if isinstance(node, dict):
        kept = {key: _opened(value) for key, value in node.items() if key != "default"}
        if kept.get("additionalProperties") is False:
            del kept["additionalProperties"]
        return kept
    return [_opened(item) for item in node] if isinstance(node, list) else node


def definitions(classes: Iterable[type[BaseModel]], reference: str) -> dict[str, Schema]:
    """Return the schemas of these classes and of all that they hold, by the name of the class."""
    wanted = [(each, "validation") for each in classes]
    _, whole = models_json_schema(wanted, ref_template=reference, schema_generator=_Untitled)  # type: ignore[arg-type]
    found: dict[str, Schema] = _opened(whole["$defs"])
    return found


def attributes(envelope: Schema) -> Schema:
    """Turn the class's schema into the wire's: an optional attribute is absent or has a value, never null."""
    properties = {
        name: {**schema["anyOf"][0], "description": schema["description"]} if "anyOf" in schema else schema
        for name, schema in envelope["properties"].items()
    }
    optional = {name for name, schema in envelope["properties"].items() if "anyOf" in schema}
    return {**envelope, "properties": properties, "required": [name for name in properties if name not in optional]}


def event_schema(topic: Topic, type_: str) -> Schema:
    """Return the schema of a whole event: the envelope with this type's data."""
    shape = topic.shape(type_)
    found = definitions((Envelope, shape), "#/$defs/{model}")
    schema = attributes(found.pop("Envelope"))
    fixed = {
        "type": {"const": type_},
        "source": {"const": f"/jinqiu/{topic.owner}"},
        "subject": {"pattern": topic.subject_pattern},
    }
    for name, narrower in fixed.items():
        schema["properties"][name] = {**schema["properties"][name], **narrower}
    whole = schema["properties"]["data"]["description"]
    schema["properties"]["data"] = {"$ref": f"#/$defs/{shape.__name__}", "description": whole}
    head = {
        "$schema": DIALECT,
        "$id": f"urn:jinqiu:event:{type_}",
        "title": type_,
        "description": topic.meanings[type_.rpartition(".")[0]],
    }
    return {**schema, **head, "$defs": found}


def as_text(schema: Any) -> str:
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n"


def all_schemas() -> dict[str, Schema]:
    """Return every event's schema, by type."""
    return {type_: event_schema(topic, type_) for topic in TOPICS for type_ in topic.types}
