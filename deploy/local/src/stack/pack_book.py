"""A pack's rule book as scoring reads it: every figure in tenths."""

from decimal import Decimal
from typing import Any

from stack.pack import Pack, Row, tenths

HEAD = ("word", "version", "title")
NOT_SAID = {"example"}


def book(pack: Pack) -> dict[str, Any]:
    told = {
        **{name: pack.book[name] for name in HEAD},
        "starts_on": str(pack.book["starts_on"]),
        "base_tenths": {code: tenths(value) for code, value in pack.book["base"].items()},
        "aspects": [_in_tenths(aspect) for aspect in pack.book["aspect"]],
        "items": [_in_tenths(item) for item in pack.book["item"]],
    }
    if "band" in pack.book:
        told["bands"] = [_in_tenths(band) for band in pack.book["band"]]
    if "year" in pack.book:
        year = pack.book["year"]
        told["year"] = {"take": year["take"], "bands": [_in_tenths(band) for band in year["band"]]}
    if "notice" in pack.book:
        told["notice"] = dict(pack.book["notice"])
    return told


def draft(pack: Pack) -> dict[str, Any]:
    """The book with what the pack would like to change in it."""
    told = {**book(pack), "version": pack.what_if["version"], "starts_on": str(pack.what_if["starts_on"])}
    changes = {change["item"]: _in_tenths(change) for change in pack.what_if["change"]}
    told["items"] = [item | _without_item(changes.get(item["code"], {})) for item in told["items"]]
    return told


def _without_item(change: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in change.items() if name != "item"}


def _in_tenths(row: Row) -> dict[str, Any]:
    """Whatever has a decimal point is points; an open band ends nowhere."""
    return dict(_field(name, value) for name, value in row.items())


def _field(name: str, value: Any) -> tuple[str, Any]:
    if isinstance(value, Decimal):
        return f"{name}_tenths", tenths(value)
    return name, {code: tenths(each) for code, each in value.items()} if isinstance(value, dict) else value
