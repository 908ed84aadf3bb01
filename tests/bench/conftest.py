"""Benches run when they are asked for by name (`make bench`), not with the tests."""

from pathlib import Path

import pytest


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:  # noqa: ARG001 — the hook's
    return None if any("bench" in argument for argument in config.args) else True
