"""Scoring: for every operation, how the county next door asks and what it may come to. A new route wants a case.

`a` is the county that is asked about, `b` the asker's own.
"""

from collections.abc import Callable, Mapping
from typing import Any

from services.scoring.histories import DOCUMENT
from support.other_county import Cases, Town, own, refused
from support.other_county_scoring import objection


def quarter(_a: Town, _b: Town) -> Mapping[str, str]:
    return {"period": "2022Q1"}


def book(word: str) -> dict[str, Any]:
    return {**DOCUMENT, "word": word}


def published(on: str) -> Callable[[Town, Town], dict[str, str]]:
    return lambda _a, _b: {"published_on": on}


def appraisal(a: Town, _b: Town) -> Mapping[str, str]:
    return {"person": a["person"], "item": "family", "period": "2022Q1", "grade": "good"}


def exemption(a: Town, _b: Town) -> Mapping[str, str]:
    return {"person": a["person"], "since": "2016-06-01", "until": "2016-07-01", "decision": "第1号"}


TURN = {"period": "turn"}
"""A quarter that only the one county has. At home each step is taken, so they come in their order, and before an
opening: no quarter closes while accounts wait for one."""

LIVE: Cases = {"GET /api/v1/tallies": [own()]}
"""What the stream's own server answers."""

CASES: Cases = {
    "POST /api/v1/books": [own(lambda _a, _b: book("another"))],
    "GET /api/v1/books": [own()],
    "GET /api/v1/books/{book}": [refused()],
    "PUT /api/v1/books/{book}": [refused(lambda *_: book("another"), at={"book": "own_draft"})],
    "GET /api/v1/books/{book}/preview": [refused(query=quarter)],
    "POST /api/v1/books/{book}/adoption": [refused(lambda *_: {"revision": 1}, at={"book": "draft"})],
    "POST /api/v1/books/{book}/discarding": [refused(at={"book": "own_draft"})],
    "GET /api/v1/objections": [own()],
    "GET /api/v1/objections/{objection}": [refused()],
    "POST /api/v1/objections/{objection}/answer": [refused(lambda *_: {"outcome": "declined", "reason": "已核对。"})],
    "POST /api/v1/objections": [refused(lambda a, _: objection(a["person"]))],
    "GET /api/v1/periods/{period}/preview": [refused(at=TURN)],
    "POST /api/v1/periods/{period}/closing": [refused(at=TURN)],
    "POST /api/v1/periods/{period}/notice": [refused(published("2021-07-05"), at=TURN)],
    "POST /api/v1/periods/{period}/finalisation": [refused(at=TURN)],
    "POST /api/v1/periods/{period}/reopening": [refused(at=TURN)],
    "POST /api/v1/periods": [
        refused(lambda a, _: {"period": "2022Q2", "book": a["book"]}),
        own(lambda _, b: {"period": "2022Q3", "book": b["book"]}),
    ],
    "GET /api/v1/periods": [own()],
    "POST /api/v1/appraisals": [refused(appraisal)],
    "POST /api/v1/deductions": [refused(lambda a, _: {"person": a["person"], "item": "absence", "day": "2022-01-05"})],
    "GET /api/v1/judgements": [own()],
    "GET /api/v1/judgements/{judgement}": [refused()],
    "POST /api/v1/judgements/{judgement}/confirmation": [refused()],
    "POST /api/v1/judgements/{judgement}/refusal": [refused(at={"judgement": "refusable"})],
    "POST /api/v1/judgements/{judgement}/withdrawal": [refused(at={"judgement": "withdrawable"})],
    "POST /api/v1/exemptions": [refused(exemption)],
    "GET /api/v1/exemptions": [own()],
    "GET /api/v1/exemptions/{exemption}": [refused()],
    "POST /api/v1/exemptions/{exemption}/ending": [refused(lambda *_: {"until": "2016-03-01"})],
    "POST /api/v1/exemptions/{exemption}/withdrawal": [refused()],
    "GET /api/v1/notices": [own()],
    "GET /api/v1/notices/{notice}": [refused()],
    "POST /api/v1/years/{year}/evaluation": [refused(published("2021-07-05"))],
    "GET /api/v1/years/{year}": [refused()],
    "GET /api/v1/people/{person}/total": [refused()],
    "GET /api/v1/people/{person}/explanation": [refused(query=quarter)],
    "GET /api/v1/branches": [own(query=quarter)],
    "GET /api/v1/branches/{organisation}/people": [refused(query=quarter)],
    "GET /api/v1/county/total": [own(query=quarter)],
}
