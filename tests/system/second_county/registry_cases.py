"""Registry: for every operation, how the county next door asks and what it may come to. A new route wants a case.

`a` is the county that is asked about, `b` the asker's own. The order is one in which a county may ask all of it of
itself: `refused` requests are proved right by being granted at home.
"""

from typing import Any

from support.canaries import PLAIN
from support.other_county import OF_A_COUNTY, Cases, Town, own, refused
from support.other_county_registry import occasion, person, roster, user

ID = PLAIN.identity


def attended(town: Town) -> dict[str, Any]:
    return {"entries": [{"person": town["second"], "outcome": "attended", "origin": "phone"}]}


def held(kind: str, host: str) -> dict[str, Any]:
    """An occasion of a county's own kind."""
    return occasion(PLAIN, host) | {"kind": kind, "theme": None, "place": None}


CASES: Cases = {
    # Nobody's token is read there, so one stranger is as good as six (and five wrong passwords close an account).
    "POST /api/v1/tokens": [
        refused(
            lambda a, b: {"county": a["word"], "login": a["login"], "password": b["password"]},
            strangers=("county_admin",),
        )
    ],
    "GET /.well-known/jwks.json": [own()],
    "POST /api/v1/users": [
        refused(lambda a, _: user(PLAIN, 10, "recorder", organisations=[a["organisation"]])),
        refused(lambda a, _: user(PLAIN, 11, "member", person=a["person"])),
        own(lambda _, b: user(PLAIN, 12, "recorder", organisations=[b["organisation"]])),
    ],
    "GET /api/v1/users": [own()],
    "GET /api/v1/users/{user}": [refused()],
    "PATCH /api/v1/users/{user}": [
        refused(lambda _a, _b: {"name": "另一名"}),
        refused(lambda a, _: {"organisations": [a["other"]]}, mine=("user",)),
    ],
    "POST /api/v1/users/{user}/password-resets": [refused(lambda _a, _b: {"password": "another-first-1"})],
    "POST /api/v1/counties": [
        refused(
            lambda _a, _b: {"word": "third", "name": "示例县", "codes": [{"code": "999103", "since": "1949-10-01"}]},
            who="operator",
            strangers=OF_A_COUNTY,
        )
    ],
    "GET /api/v1/counties": [refused(who="operator", strangers=OF_A_COUNTY)],
    "GET /api/v1/counties/{county}": [refused(strangers=OF_A_COUNTY), own(mine=("county",), strangers=OF_A_COUNTY)],
    "PATCH /api/v1/counties/{county}": [
        refused(lambda _a, _b: {"name": "另一名"}, who="operator", strangers=OF_A_COUNTY)
    ],
    "POST /api/v1/counties/{county}/admins": [
        refused(
            lambda _a, _b: {"login": "first-admin", "name": "示例", "password": "first-password-1"},
            at={"county": "bare"},
            who="operator",
            strangers=OF_A_COUNTY,
        )
    ],
    "POST /api/v1/people": [
        # who is in a's books may be in b's too, and b does not learn of it
        own(lambda a, _: person(PLAIN, 12, identity_number=a["identity"], phone=a["phone"])),
        refused(lambda a, _: person(PLAIN, 13, rank=a["code"])),
    ],
    "GET /api/v1/people": [own()],
    "GET /api/v1/people/{person}": [refused()],
    "PATCH /api/v1/people/{person}": [refused(lambda _a, _b: {"kind": "staff"})],
    "POST /api/v1/people/{person}/classes": [refused(lambda a, _: {"code": a["code"], "since": "2022-01-01"})],
    "POST /api/v1/people/{person}/capacities": [refused(lambda a, _: {"code": a["code"], "since": "2022-01-01"})],
    "GET /api/v1/people/{person}/sealed/{field}": [refused(query=lambda _a, _b: {"reason": "visit"})],
    "POST /api/v1/people/searches": [
        own(lambda a, _: {"field": "identity", "text": a["identity"]}),
        own(lambda a, _: {"field": "phone", "text": a["phone"]}),
        own(lambda a, _: {"field": "name", "text": a["name"]}),
    ],
    "POST /api/v1/rosters": [own(lambda a, _: roster(PLAIN, 12, identity=a["identity"]))],
    "GET /api/v1/rosters": [own()],
    "GET /api/v1/rosters/{roster}": [refused()],
    "POST /api/v1/taxonomies": [
        own(lambda _, b: {"name": "host", "codes": [{"code": c, "name": "示例"} for c in (b["code"], "more")]})
    ],
    "GET /api/v1/taxonomies": [own()],
    "POST /api/v1/organisations": [
        refused(
            lambda a, _: {"kind": "branch", "name": "示例", "founded_on": "2012-01-01", "parent": a["bureau"]},
        ),
        own(lambda _, b: {"kind": "branch", "name": "示例", "founded_on": "2012-01-01", "parent": b["bureau"]}),
    ],
    "GET /api/v1/organisations": [own()],
    "PATCH /api/v1/organisations/{organisation}": [
        refused(lambda _a, _b: {"name": "另一名"}),
        refused(lambda a, _: {"link": {"parent": a["bureau"], "since": "2020-01-01"}}, mine=("organisation",)),
    ],
    "GET /api/v1/organisations/{organisation}": [refused()],
    "POST /api/v1/people/{person}/memberships": [
        refused(lambda _, b: {"organisation": b["third"], "kind": "further", "since": "2020-01-01"}),
        refused(lambda a, _: {"organisation": a["bureau"], "kind": "further", "since": "2020-01-01"}, mine=("person",)),
    ],
    "GET /api/v1/people/{person}/memberships": [refused()],
    "POST /api/v1/people/{person}/transfers": [
        refused(lambda a, _: {"organisation": a["other"], "on": "2020-01-01"}, at={"person": "second"}),
        refused(
            lambda a, _: {"organisation": a["other"], "on": "2020-01-01"}, at={"person": "mortal"}, mine=("person",)
        ),
    ],
    "POST /api/v1/people/{person}/memberships/{organisation}/ending": [
        refused(lambda _a, _b: {"on": "2022-01-01"}, at={"organisation": "group"}),
        refused(lambda _a, _b: {"on": "2022-01-01"}, at={"organisation": "bureau"}, mine=("person",)),
    ],
    "GET /api/v1/branches/{organisation}/members": [refused(), refused(query=lambda _a, _b: {"on": "2022-01-01"})],
    "POST /api/v1/branches/{organisation}/committee": [
        refused(lambda a, _: {"person": a["away"], "since": "2020-01-01"}),
        refused(lambda a, _: {"person": a["mortal"], "since": "2019-01-01"}, mine=("organisation",)),
    ],
    "POST /api/v1/branches/{organisation}/committee/{person}/ending": [
        refused(lambda _a, _b: {"on": "2022-01-01"}),
        refused(lambda _a, _b: {"on": "2022-01-01"}, mine=("organisation",), at={"person": "mortal"}),
    ],
    "POST /api/v1/activities": [
        refused(lambda a, b: held(b["code"], a["organisation"])),
        own(lambda _, b: held(b["code"], b["organisation"])),
    ],
    "GET /api/v1/activities": [own(), own(query=lambda a, _: {"host": a["organisation"]})],
    "PATCH /api/v1/activities/{activity}": [
        refused(lambda _a, _b: {"mode": "online"}),
        refused(lambda a, _: {"hosts": [a["other"]]}, mine=("activity",), at={"activity": "held"}),
    ],
    "GET /api/v1/activities/{activity}": [refused(), refused(at={"activity": "held"})],
    "POST /api/v1/activities/{activity}/attendance": [
        refused(lambda a, _: attended(a)),
        refused(lambda a, _: attended(a), mine=("activity",), at={"activity": "held"}),
    ],
    "GET /api/v1/activities/{activity}/attendance": [refused(), refused(at={"activity": "held"})],
    "POST /api/v1/activities/{activity}/closing": [refused()],
    "GET /api/v1/audit": [
        own(who="auditor"),
        own(query=lambda a, _: {"subject": a["person"]}, who="auditor"),
        own(query=lambda a, _: {"actor": a["admin"]}, who="auditor"),
    ],
    "POST /api/v1/people/{person}/moves": [refused(lambda _a, _b: {"on": "2023-01-01"})],
    "POST /api/v1/people/{person}/status-corrections": [
        refused(lambda _a, _b: {"status": "moved", "since": "2021-01-01", "right": "2021-02-01"}, at={"person": "away"})
    ],
    "POST /api/v1/people/{person}/death": [refused(lambda _a, _b: {"died_on": "2023-01-01"}, at={"person": "mortal"})],
    "POST /api/v1/people/{person}/merging": [
        refused(lambda a, _: {"into": a["person"]}, at={"person": "second"}),
        refused(lambda a, _: {"into": a["person"]}, mine=("person",), at={"person": "away"}),
    ],
    # last, because the password is another one afterwards
    "POST /api/v1/users/me/password": [
        refused(lambda a, _: {"current": a["password"], "new": "newer-password-3"}),
    ],
}
