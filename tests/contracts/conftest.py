"""Events built by hand, and a copy of the repository's published files to doctor."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from contracts.envelope import Envelope
from contracts.publication.places import Places

REPOSITORY = Places(Path(__file__).resolve().parents[2])

COUNTY = "01900000-0000-7000-8000-0000000000c0"
PERSON = "01900000-0000-7000-8000-000000000101"
ACTIVITY = "01900000-0000-7000-8000-000000000301"


def attributes(**changes: Any) -> dict[str, Any]:
    """Return an attendance as it stands on the wire, with some attributes changed, or left out where given as `...`."""
    wire = {
        "specversion": "1.0",
        "id": "01900000-0000-7000-8000-000000000001",
        "source": "/jinqiu/registry",
        "type": "activity.attended.v1",
        "subject": f"{ACTIVITY}/{PERSON}",
        "time": "2022-03-05T01:30:00Z",
        "datacontenttype": "application/json",
        "county": COUNTY,
        "recordedtime": "2022-03-05T08:00:00Z",
        "aggregateversion": 1,
        "actor": "01900000-0000-7000-8000-0000000000a2",
        "origin": "paper",
        "correlationid": "01900000-0000-7000-8000-000000000002",
        "data": {"outcome": "attended"},
    }
    return {name: value for name, value in (wire | changes).items() if value is not ...}


@pytest.fixture
def wire() -> Callable[..., dict[str, Any]]:
    return attributes


@pytest.fixture
def event() -> Callable[..., Envelope]:
    def build(**changes: Any) -> Envelope:
        return Envelope.model_validate(attributes(**changes))

    return build


@pytest.fixture
def repository() -> Places:
    return REPOSITORY


@pytest.fixture
def copy(tmp_path: Path) -> Places:
    """Copy everything that is published about the contracts, so that a test can doctor it."""
    places = Places(tmp_path)
    for name in ("schemas", "examples", "releases"):
        shutil.copytree(getattr(REPOSITORY, name), getattr(places, name))
    places.events_page.parent.mkdir()
    shutil.copy(REPOSITORY.events_page, places.events_page)
    shutil.copy(REPOSITORY.asyncapi, places.asyncapi)
    return places
