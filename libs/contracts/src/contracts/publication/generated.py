"""The files that are written from the classes, and whether those in the repository are today's."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from contracts.publication.asyncapi import asyncapi
from contracts.publication.events_page import events_page
from contracts.publication.places import Places
from contracts.publication.schemas import as_text
from contracts.publication.yaml_text import as_yaml

Schemas = Mapping[str, Mapping[str, Any]]


def files(places: Places, schemas: Schemas) -> dict[Path, str]:
    """Return what each generated file should hold."""
    found = {places.schemas / f"{type_}.json": as_text(schema) for type_, schema in schemas.items()}
    return found | {places.events_page: events_page(places, schemas), places.asyncapi: as_yaml(asyncapi())}


def generate(places: Places, schemas: Schemas) -> list[Path]:
    """Write every file that is not as it should be, remove the schemas of types that are gone; return all of these."""
    wanted = files(places, schemas)
    changed = [path for path, text in wanted.items() if _holds_not(path, text)]
    for path in changed:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(wanted[path], encoding="utf-8")
    gone = _left_over(places, wanted)
    for path in gone:
        path.unlink()
    return changed + gone


def stale(places: Places, schemas: Schemas) -> Iterator[str]:
    """Say, a sentence each, which generated files are not today's."""
    wanted = files(places, schemas)
    for path in [path for path, text in wanted.items() if _holds_not(path, text)] + _left_over(places, wanted):
        yield f"{path.relative_to(places.root)} is stale; run: python -m contracts generate"


def _holds_not(path: Path, text: str) -> bool:
    return not path.exists() or path.read_text("utf-8") != text


def _left_over(places: Places, wanted: Mapping[Path, str]) -> list[Path]:
    return [path for path in sorted(places.schemas.glob("*.json")) if path not in wanted]
