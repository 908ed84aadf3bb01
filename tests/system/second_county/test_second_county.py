"""A county asks for everything of the county beside it and gets nothing, route by route of the generated OpenAPI."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from argon2 import PasswordHasher
from joserfc.jwk import ECKey

from registry import passwords
from support.other_county import Asked, Case, Cases, offences, operations, uncovered
from support.other_county_neighbours import Neighbours
from system.second_county import registry_cases, scoring_cases

pytestmark = pytest.mark.xdist_group("second county")

CASES: Mapping[str, Cases] = {
    "registry": registry_cases.CASES,
    "scoring": scoring_cases.CASES,
    "tallies": scoring_cases.LIVE,
}
OPEN = {"registry": {"POST /api/v1/tokens", "GET /.well-known/jwks.json"}, "scoring": set[str](), "tallies": set[str]()}
UNLISTED = {"/api/v1/openapi.json", "/docs", "/docs/oauth2-redirect", "/redoc", "/livez", "/readyz", "/metrics"}
EACH_SERVICE = pytest.mark.parametrize("service", CASES)


def every_case() -> Iterator[Any]:
    for service, cases in CASES.items():
        for operation, several in cases.items():
            for number, case in enumerate(several, start=1):
                yield pytest.param(service, operation, case, id=f"{service} {operation} {number}")


def another_key(kid: str | None) -> ECKey:
    """One that says it is the issuer's."""
    return ECKey.generate_key("P-256", {"kid": kid or "", "use": "sig", "alg": "ES256"})


def unlisted(routes: Any) -> Iterator[str]:
    """The paths of what no OpenAPI shows, in routers of routers too."""
    for route in routes:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            yield from unlisted(inner.routes)
        elif not getattr(route, "include_in_schema", False):
            yield route.path


@pytest.fixture(autouse=True)
def _quick_passwords(monkeypatch: pytest.MonkeyPatch) -> None:
    """Argon2id as it is, but cheap: what it costs is proved in test_passwords.py."""
    monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=64, parallelism=1))


@EACH_SERVICE
def test_every_route_has_a_case(neighbours: dict[str, Neighbours], service: str) -> None:
    assert uncovered(neighbours[service].app, CASES[service]) == []


@EACH_SERVICE
def test_a_route_without_a_case_is_named(neighbours: dict[str, Neighbours], service: str) -> None:
    *others, last = operations(neighbours[service].app)
    (sentence,) = uncovered(neighbours[service].app, {one: CASES[service][one] for one in others})
    assert sentence.startswith(f"{last}: no case says what another county gets there")


@EACH_SERVICE
def test_no_route_hides_from_the_openapi(neighbours: dict[str, Neighbours], service: str) -> None:
    assert set(unlisted(neighbours[service].app.routes)) <= UNLISTED


@pytest.mark.parametrize(("service", "operation", "case"), list(every_case()))
async def test_a_stranger_gets_nothing_and_changes_nothing(
    neighbours: dict[str, Neighbours], service: str, operation: str, case: Case
) -> None:
    both = neighbours[service]
    asked = Asked.of(operation, case, both.a, both.b)
    before, etag = await both.theirs(), await both.etag(asked)
    for role in case.strangers:
        answer = await both.send(asked, both.stranger(role), etag)
        assert offences(case, asked, answer, both.ids) == [], role
        assert not (case.own and role == case.who) or answer.is_success, answer.text
    assert await both.theirs() == before


async def test_the_suite_would_notice_an_answer_about_the_other_county(neighbours: dict[str, Neighbours]) -> None:
    both = neighbours["registry"]
    for operation, sentence in {
        "GET /api/v1/people/{person}/sealed/{field}": "is no refusal",
        "GET /api/v1/people/{person}": "tells b'\\xe5",
        "GET /api/v1/people": f"tells the id {both.a['person']}",
    }.items():
        case = CASES["registry"][operation][0]
        asked = Asked.of(operation, case, both.a, both.b)
        answer = await both.send(asked, both.at_home("county_admin"))
        found = offences(case, asked, answer, both.ids)
        assert [one for one in found if sentence in one], found


async def test_the_suite_would_notice_a_changed_row(neighbours: dict[str, Neighbours]) -> None:
    both = neighbours["registry"]
    before = await both.theirs()
    asked = Asked("GET", f"/api/v1/people/{both.a['person']}/sealed/phone", {"reason": "visit"}, None)
    await both.send(asked, both.at_home("desk"))
    (line,) = await both.theirs() - before
    assert line.startswith("audit ")


@EACH_SERVICE
async def test_a_token_that_is_not_for_here_or_not_for_now_is_nobodys(
    neighbours: dict[str, Neighbours], service: str
) -> None:
    both, signer = neighbours[service], neighbours[service].signer
    county, stranger = both.a["county"], replace(signer, issuer="https://elsewhere.test")
    tokens = {
        "none": None,
        "another audience": signer.token("county_admin", county, aud=["another"]),
        "another issuer": stranger.token("county_admin", county),
        "expired": signer.token("county_admin", county, exp=1_700_000_000),
        "unsigned": signer.unsigned("county_admin", county),
        "another key": replace(signer, key=another_key(signer.key.kid)).token("county_admin", county),
        "without an end": signer.token("county_admin", county, exp=None),
    }
    for operation in sorted(set(operations(both.app)) - OPEN[service]):
        case = CASES[service][operation][0]
        asked = Asked.of(operation, case, both.a, both.a)
        for what, token in tokens.items():
            assert (await both.send(asked, token)).status_code == 401, f"{operation}: {what}"


@EACH_SERVICE
async def test_what_a_stranger_is_refused_is_granted_at_home(neighbours: dict[str, Neighbours], service: str) -> None:
    """The last test: it shows that each request was right, and does what it asks."""
    both = neighbours[service]
    ungranted = []
    for operation, several in CASES[service].items():
        for case in several:
            asked = Asked.of(operation, case, both.a, both.a)
            answer = await both.send(asked, both.at_home(case.who), await both.etag(asked))
            if not case.own and not answer.is_success:
                ungranted.append(f"{operation}: {answer.text}")
    assert ungranted == []
