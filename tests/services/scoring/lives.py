"""What may be told of invented people: classes, departures, memberships, exemptions, merges, facts and corrections."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from scoring.ids import OrganisationId, PersonId
from scoring.ledger.domain.accounts import News
from scoring.ledger.domain.facts import Fact
from scoring.ledger.domain.standing import Belonging, Exemption, Held, Life, Membership, absences_of
from scoring.rulebooks.domain import Shape

PEOPLE = tuple(PersonId(f"0190b5a0-0000-7000-8000-00000000000{n}") for n in (2, 0, 3, 1))
BRANCHES = tuple(OrganisationId(f"0190b5a0-0000-7000-9000-00000000000{n}") for n in range(2))
CLERKS = tuple(f"0190b5a0-0000-7000-a000-00000000000{n}" for n in range(2))
YEAR = [date(2021, 10, 1) + timedelta(days=n) for n in range(365)]  # four quarters, and a New Year within
BOUNDS = {"2021Q4": YEAR[:92], "2022Q1": YEAR[92:182], "2022Q2": YEAR[182:273], "2022Q3": YEAR[273:]}
JUDGED = {
    "virtue": "appraisal.confirmed",
    "opinion": "appraisal.confirmed",
    "absence": "deduction.confirmed",
    "quarrel": "deduction.confirmed",
    "offence": "deduction.confirmed",
    "walkout": "deduction.confirmed",
}


@dataclass(frozen=True, slots=True)
class Lived(Life):
    """A life with the statuses that registry tells, so that the recount need not trust what is made of them."""

    statuses: tuple[tuple[str, date], ...] = ()


def merges(random: Random, people: tuple[PersonId, ...]) -> Mapping[PersonId, PersonId]:
    """Some entries end in others, which may end, too: a chain."""
    return {
        person: random.choice(people[:number])
        for number, person in enumerate(people)
        if number and random.random() < 0.25
    }


def news_of(random: Random, person: PersonId, into: PersonId | None) -> Iterator[News]:
    lives = random.choice((0, 1, 1, 2, 3))
    for version in range(1, lives + 1):
        yield _life(random, version)
    if into:
        yield _life(random, lives + 1, into)
    for version in range(1, random.choice((1, 2, 2, 3, 4))):
        yield _belonging(random, version)
    yield from _exemptions(random, person)
    for number in range(random.randint(0, 30)):
        for version in range(1, random.choice((2, 2, 2, 3, 4))):
            yield _fact(random, person, number, version)
    for number in range(random.choice((0, 0, 2, 6))):
        for version in range(1, random.choice((2, 2, 3))):
            yield _judgement(random, person, number, version)


def _life(random: Random, version: int, into: PersonId | None = None) -> Life:
    sinces = sorted(random.sample([date(2021, 5, 1), *YEAR[::9]], k=random.randint(0, 2)))
    statuses = _statuses(random)
    if random.random() < 0.8:
        sinces, statuses = [date(2021, 5, 1), *sinces], random.choice(((), (), (), statuses))
    held = tuple(Held(random.choice("AAABBCX"), since) for since in sinces)
    return Lived(version, held, absences_of(statuses), into, statuses)


def _statuses(random: Random) -> tuple[tuple[str, date], ...]:
    """Departures, returns and death, often on the edges of a quarter, now and then two on one day."""
    edges = [date(2021, 6, 1), *(day for days in BOUNDS.values() for day in (days[0], days[1], days[-1])), YEAR[132]]
    days = sorted(random.choices([*edges, random.choice(YEAR)], k=random.choice((0, 0, 1, 2, 2, 3, 4))))
    turns = [("moved", "active")[number % 2] for number in range(len(days))]
    if days and random.random() < 0.3:
        turns[-1] = "died"
    return tuple(zip(turns, days, strict=True))


def _belonging(random: Random, version: int) -> Belonging:
    long_ago = date(2020, 1, 1)
    since = random.choice((long_ago, long_ago, long_ago, long_ago, date(2022, 4, 1), random.choice(YEAR)))
    moved = random.choice((None, None, None, since + timedelta(days=random.randint(1, 200))))
    memberships = [Membership(random.choice(BRANCHES), home=True, since=since, until=moved)]
    if moved and random.random() < 0.5:
        later = moved + timedelta(days=random.choice((0, 0, 60)))
        memberships.append(Membership(random.choice(BRANCHES), home=random.random() < 0.8, since=later, until=None))
    return Belonging(version, tuple(memberships))


def _exemptions(random: Random, person: PersonId) -> Iterator[Exemption]:
    """Some cover a month or a quarter to the day, so that nothing is left of it to judge."""
    for number in range(random.choice((0, 0, 0, 1, 2))):
        for version in range(1, random.choice((2, 2, 3))):
            since = random.choice((*YEAR[::30], *(days[0] for days in BOUNDS.values())))
            until = since + timedelta(days=random.choice((1, 31, 59, 92, 92, 200)))
            whose = f"{person[:-4]}e{number}{person[-2:]}"
            yield Exemption(whose, version, since, random.choice((None, until, until)), random.random() < 0.2)


def _fact(random: Random, person: PersonId, number: int, version: int) -> Fact:
    """People meet at the same activities; mostly their entries agree on the day."""
    activity = f"0190b5a0-0000-7000-8000-0000000001{number:02}"
    event = random.choice(("activity.attended",) * 6 + ("activity.excused", "activity.missed", "activity.missed"))
    kind = random.choice(("study", "study", "lesson", "service", "opera", "chess"))
    theme, mode = random.choice((None, "elders", "neighbours")), random.choice(("assembled", "assembled", "online"))
    shape = Shape(event, kind, theme, mode, None, random.choice((0, 3, 7, 15, 20, 41)))
    day = YEAR[number * 97 % 365] if random.random() < 0.6 else random.choice((*YEAR[::20], *YEAR[172:192], *YEAR[:8]))
    return Fact(
        person, f"{activity}/{person}", version, shape, day, withdrawn=random.random() < 0.12, occurrence=activity,
        by=random.choice(CLERKS),
    )  # fmt: skip


def _judgement(random: Random, person: PersonId, number: int, version: int) -> Fact:
    """What a second person confirmed, or took back; some rest on what an activity proposed."""
    item = random.choice(
        ("virtue", "virtue", "opinion", "opinion", "absence", "absence", "quarrel", "offence", "walkout")
    )
    grade = random.choice(("good", "fair")) if JUDGED[item].startswith("appraisal") else None
    activity = f"0190b5a0-0000-7000-8000-0000000001{number:02}" if item in {"absence", "walkout"} else ""
    subject = f"{person}/0190b5a0-0000-7000-8000-0000000002{number:02}"
    shape = Shape(JUDGED[item], item, None, "", grade)
    return Fact(
        person, subject, version, shape, random.choice(YEAR), withdrawn=random.random() < 0.25, occurrence=activity
    )  # fmt: skip
