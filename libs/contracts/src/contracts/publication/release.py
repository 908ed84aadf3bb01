"""A release is what others built on. Within a version, what comes after it may only add."""

import hashlib
import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from contracts.publication.places import Places
from contracts.publication.rows import Row, rows
from contracts.publication.schemas import as_text

Schema = Mapping[str, Any]

FINGERPRINTS = "examples.json"


def latest(places: Places) -> Path | None:
    """Return the folder of the last release."""
    numbered = [folder for folder in places.releases.glob("*") if folder.name.isdigit()]
    return max(numbered, key=lambda folder: int(folder.name), default=None)


def fingerprints(places: Places) -> dict[str, str]:
    found = sorted(places.examples.glob("*/*.json"))
    return {
        path.relative_to(places.examples).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in found
    }


def freeze(places: Places, schemas: Mapping[str, Schema]) -> Path:
    """Write the next release: every schema, and the fingerprint of every golden example."""
    last = latest(places)
    folder = places.releases / str(int(last.name) + 1 if last else 1)
    folder.mkdir(parents=True)
    for type_, schema in schemas.items():
        (folder / f"{type_}.json").write_text(as_text(schema), encoding="utf-8")
    (folder / FINGERPRINTS).write_text(as_text(fingerprints(places)), encoding="utf-8")
    return folder


def released(folder: Path) -> dict[str, Schema]:
    return {
        path.stem: json.loads(path.read_text("utf-8"))
        for path in sorted(folder.glob("*.json"))
        if path.name != FINGERPRINTS
    }


def faults(places: Places, schemas: Mapping[str, Schema]) -> Iterator[str]:
    """Say, a sentence each, what of the last release no longer holds."""
    folder = latest(places)
    if folder is None:
        yield f"{places.releases} holds no release; run: python -m contracts release"
        return
    for type_, old in released(folder).items():
        if type_ not in schemas:
            yield f"{type_} was released and is gone; it must stay while anybody may read it"
        else:
            yield from (f"{type_}: {fault}" for fault in breaks(old, schemas[type_]))
    today = fingerprints(places)
    for name, mark in json.loads((folder / FINGERPRINTS).read_text("utf-8")).items():
        if today.get(name) != mark:
            yield f"the golden example {name} was released and is changed or gone; add another one instead"


def breaks(old: Schema, new: Schema) -> Iterator[str]:
    """Say what a reader of the old schema would stumble over."""
    before, after = {row.path: row for row in rows(old)}, {row.path: row for row in rows(new)}
    named = False
    for path in before.keys() | after.keys():
        if path not in before and _holder(path) in after.keys() - before.keys():
            continue  # inside something that is new itself
        for fault in _field_breaks(path, before.get(path), after.get(path)):
            named = True
            yield fault
    if not named and not _compatible(old, new):
        yield "a value that it may have now was refused by the released schema"


def _holder(path: str) -> str:
    return path.rpartition(".")[0].removesuffix("[]")


def _field_breaks(path: str, old: Row | None, new: Row | None) -> Iterator[str]:
    if old is None:
        if new is not None and new.required:
            yield f"the field {path} is new and required; within a version a new field is optional"
        return
    if new is None:
        yield f"the field {path} was released and is gone"
        return
    for what, was, now in (
        ("type", old.kind, new.kind),
        ("unit", old.unit, new.unit),
        ("requirement", _need(old), _need(new)),
        ("limits", dict(old.limits), dict(new.limits)),
    ):
        if was != now:
            yield f"the {what} of {path} was {was} and is {now}"


def _need(row: Row) -> str:
    return f"{'required' if row.required else 'optional'}{', may be null' if row.nullable else ''}"


def _compatible(old: Schema, new: Schema) -> bool:
    import jsoncompat  # noqa: PLC0415 -- a tool of the checks; no service has it

    before, after = (json.dumps({key: value for key, value in each.items() if key != "$id"}) for each in (old, new))
    return bool(jsoncompat.check_compat(before, after, "serializer"))  # it takes "$id" for a reference
