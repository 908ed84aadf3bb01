"""A schema as a flat list of fields: what the page prints, and what two releases are compared by."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contracts.fields import PERIOD

Schema = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Row:
    path: str
    kind: str
    required: bool
    nullable: bool
    meaning: str
    unit: str | None
    words: Mapping[str, str]
    limits: Mapping[str, Any]


LIMITS = ("const", "format", "pattern", "minimum", "maximum", "minLength", "maxLength")


def _kind(schema: Schema) -> str:
    if "type" not in schema:
        return "anything"
    if "patternProperties" in schema:
        (pattern,) = schema["patternProperties"]
        return f"object: {'period' if pattern == f'^{PERIOD}$' else 'code'} → {_kind(_per_code(schema))}"
    plain = {"string": "text", "integer": "whole number", "boolean": "true or false", "array": "list"}
    if schema["type"] == "string" and schema.get("format") == "date":
        return "day"
    if "x-words" in schema:
        return "word"
    return str(schema.get("x-kind") or plain.get(str(schema["type"]), schema["type"]))


def _per_code(schema: Schema) -> Schema:
    (found,) = schema["patternProperties"].values()
    return dict(found)


def _resolved(schema: Schema, names: Mapping[str, Schema]) -> Schema:
    if "$ref" not in schema:
        return schema
    beside = {key: value for key, value in schema.items() if key != "$ref"}
    return {**names[schema["$ref"].rpartition("/")[2]], **beside}


def _unwrapped(schema: Schema, names: Mapping[str, Schema]) -> tuple[Schema, bool]:
    """Take `X or null` apart into X and whether it may be null."""
    if "anyOf" not in schema:
        return _resolved(schema, names), False
    branches = [branch for branch in schema["anyOf"] if branch.get("type") != "null"]
    beside = {key: value for key, value in schema.items() if key != "anyOf"}
    return {**_resolved(branches[0], names), **beside}, len(branches) < len(schema["anyOf"])


def rows(schema: Schema, names: Mapping[str, Schema] | None = None, under: str = "") -> Iterator[Row]:
    """List an object's fields, those inside it after each, as `path.to.list[].field`."""
    names = schema.get("$defs", {}) if names is None else names
    for name, raw in schema.get("properties", {}).items():
        yield from _field(raw, names, under + name, required=name in schema.get("required", ()))


def _field(raw: Schema, names: Mapping[str, Schema], path: str, *, required: bool) -> Iterator[Row]:
    schema, nullable = _unwrapped(raw, names)
    item = _resolved(schema["items"], names) if "items" in schema else schema
    listed = "items" in schema
    kind = f"list of {_kind(item)}" if listed and "properties" not in item else _kind(schema)
    yield Row(
        path=path,
        kind=kind,
        required=required,
        nullable=nullable,
        meaning=str(schema.get("description", "")),
        unit=schema.get("x-unit") or ("patternProperties" in schema and _per_code(schema).get("x-unit")) or None,
        words=item.get("x-words", {}),
        limits={key: item[key] for key in LIMITS if key in item},
    )
    yield from rows(item, names, f"{path}{'[]' if listed else ''}.")
