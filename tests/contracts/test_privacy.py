"""No direct identifier has a place on any topic: no schema has a field for one."""

import re

import pytest

from contracts.publication.rows import rows
from contracts.publication.schemas import all_schemas

FORBIDDEN = re.compile(
    r"name|phone|mobile|tel|address|street|identity|id_?number|idcard|birth|age|mail|wechat|health|illness|disease"
    r"|hardship|income|note|comment|remark|reason|story|photo|contact|gender|sex|nationality|password"
)
PUBLIC = {"data.name": "the official name of a county, which is a public body"}

SCHEMAS = all_schemas()


def words(path: str) -> list[str]:
    return re.split(r"[._]", path.rpartition(".")[2].removesuffix("[]"))


@pytest.mark.parametrize("type_", SCHEMAS)
def test_no_field_is_named_like_an_identifier_or_a_sensitive_thing(type_: str) -> None:
    paths = [row.path for row in rows(SCHEMAS[type_])]
    found = [path for path in paths if any(FORBIDDEN.fullmatch(word) for word in words(path))]
    assert [path for path in found if not (path in PUBLIC and type_.startswith("county."))] == []


@pytest.mark.parametrize("name", ["name", "full_name", "phone", "home_address", "birth_date", "identity", "birth_year"])
def test_the_guard_sees_such_a_field(name: str) -> None:
    assert any(FORBIDDEN.fullmatch(word) for word in words(f"data.people[].{name}"))


@pytest.mark.parametrize("type_", SCHEMAS)
def test_text_is_held_to_a_form_wherever_it_is_not_explained_here(type_: str) -> None:
    free = {"data.name", "data.lines[].arithmetic"}  # a county's name; figures and the book's words
    open_ = [
        row.path
        for row in rows(SCHEMAS[type_])
        if row.kind == "text" and not row.limits.keys() & {"pattern", "const"} and row.path not in free
    ]
    assert open_ == []
