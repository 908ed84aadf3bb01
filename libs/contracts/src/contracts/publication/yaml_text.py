"""Plain data as YAML: block style, every text in double quotes, in the order given."""

import json
import re
from collections.abc import Iterator
from typing import Any


def as_yaml(data: Any) -> str:
    return "\n".join(_lines(data, "")) + "\n"


def _lines(data: Any, indent: str) -> Iterator[str]:
    if isinstance(data, dict):
        for key, value in data.items():
            yield from _entry(f"{indent}{_key(key)}:", value, indent + "  ")
    else:
        for value in data:
            yield from _item(value, indent)


def _entry(head: str, value: Any, indent: str) -> Iterator[str]:
    if _nested(value):
        yield head
        yield from _lines(value, indent)
    else:
        yield f"{head} {_scalar(value)}"


def _item(value: Any, indent: str) -> Iterator[str]:
    if not _nested(value):
        yield f"{indent}- {_scalar(value)}"
        return
    first, *rest = _lines(value, indent + "  ")
    yield f"{indent}- {first.lstrip()}"
    yield from rest


def _nested(value: Any) -> bool:
    return isinstance(value, dict | list) and bool(value)


def _key(key: str) -> str:
    return key if re.fullmatch(r"[A-Za-z][\w./-]*", key) and key not in {"true", "false", "null"} else _scalar(key)


def _scalar(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False)
