import pytest

from registry.users.domain import Role
from support.books import new_id
from support.front import Front

NUMBERS = [{"code": "999101", "since": "1949-10-01"}]


async def test_an_established_county_is_told_to_everybody(front: Front) -> None:
    (event,) = await front.events("registry.county")
    assert (event["type"], event["subject"], event["county"]) == ("county.established.v1", front.county, front.county)
    assert event["data"]["codes"] == [{"code": "999101", "since": "1949-10-01"}]


async def test_an_amended_county_is_the_next_version(front: Front) -> None:
    etag = (await front.operator.get(f"/counties/{front.county}")).headers["ETag"]
    answer = await front.operator.patch(f"/counties/{front.county}", {"name": "示例区"}, etag)
    assert (answer.status_code, answer.json()["name"], answer.headers["ETag"]) == (200, "示例区", '"2"')
    assert [event["type"] for event in await front.events("registry.county")][1:] == ["county.amended.v1"]


async def test_a_stale_etag_is_refused_and_changes_nothing(front: Front) -> None:
    await front.operator.patch(f"/counties/{front.county}", {"name": "示例区"}, '"1"')
    answer = await front.operator.patch(f"/counties/{front.county}", {"name": "别的区"}, '"1"')
    assert (answer.status_code, answer.json()["type"]) == (412, "/problems/stale-version")
    assert (await front.operator.get(f"/counties/{front.county}")).json()["name"] == "示例区"


async def test_a_word_belongs_to_one_county(front: Front) -> None:
    word = (await front.operator.get(f"/counties/{front.county}")).json()["word"]
    answer = await front.operator.post("/counties", {"word": word, "name": "示例县", "codes": NUMBERS})
    assert (answer.status_code, answer.json()["type"]) == (409, "/problems/word-taken")


@pytest.mark.parametrize(
    "field", [{"word": "桃源"}, {"codes": []}, {"codes": [{"code": "99910", "since": "1949-10-01"}]}]
)
async def test_a_wrong_field_is_named(front: Front, field: dict[str, object]) -> None:
    answer = await front.operator.post("/counties", {"word": "taoyuan", "name": "桃源县", "codes": NUMBERS} | field)
    assert answer.status_code == 422
    assert next(iter(field)) in answer.json()["errors"][0]["field"]


async def test_the_list_has_the_county(front: Front) -> None:
    found: list[str] = []
    cursor = None
    while not found or cursor:
        page = (await front.operator.get("/counties", limit=500, **({"cursor": cursor} if cursor else {}))).json()
        found += [county["id"] for county in page["items"]]
        cursor = page["next"]
    assert front.county in found


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.OPERATOR])
async def test_only_operators_establish_counties_and_see_the_others(front: Front, role: Role) -> None:
    client, other = front.client(role), await front.establish()
    answers = [
        await client.post("/counties", {"word": "taoyuan", "name": "桃源县", "codes": NUMBERS}),
        await client.get("/counties"),
        await client.get(f"/counties/{other}"),
        await client.patch(f"/counties/{front.county}", {"name": "示例区"}, '"1"'),
        await client.post(
            f"/counties/{front.county}/admins", {"login": "x2", "name": "示例", "password": "long-enough-1"}
        ),
    ]
    assert [answer.status_code for answer in answers] == [403] * 5
    assert (await client.get(f"/counties/{front.county}")).status_code == 200


async def test_an_unknown_county_gets_no_admin(front: Front) -> None:
    body = {"login": "admin", "name": "示例", "password": "long-enough-1"}
    assert (await front.operator.post(f"/counties/{new_id()}/admins", body)).status_code == 404


async def test_operators_see_no_people(front: Front) -> None:
    answers = [await front.operator.get(path) for path in ("/people", "/users", "/rosters", "/audit")]
    assert [answer.status_code for answer in answers] == [403] * 4
