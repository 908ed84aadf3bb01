"""Taoyuan's pack agrees with itself, its people can be nobody, and its figures come out when added up again."""

import csv
from collections import Counter
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from deploy.counties.recounting import FOLDER, QUARTERS, added_up, facts, pack, published, quarter, steps
from stack import pack_roster, story
from stack.pack import Row, points, tenths

WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def expected_people() -> list[Row]:
    return list(pack().expected["person"])


def test_every_figure_of_the_named_people_adds_up_again() -> None:
    known = facts(steps())
    for row in expected_people():
        for period in QUARTERS:
            assert added_up(row["key"], period, steps(), known) == row.get(period), (row["name"], period)


def test_what_each_close_published_adds_up_again() -> None:
    for row in expected_people():
        assert published(row["key"]) == row["published"], row["name"]


def test_every_branch_total_is_the_sum_over_its_members_on_the_day() -> None:
    for branch in pack().expected["branch"]:
        for period in QUARTERS:
            told = branch[period]
            at_home = [row for row in expected_people() if home_on(row["key"], told["as_of"]) == branch["key"]]
            members = [row for row in at_home if period in row["published"]]
            assert len(members) == told["members"], (branch["name"], period)
            assert sum(row["published"][period] for row in members) == told["total"], (branch["name"], period)


def home_on(person: str, day: date) -> str | None:
    row = pack().people[person]
    home = row.get("home") if row.get("since", date.max) <= day else None
    for step in steps():
        if step.get("person") != person or step.get("since", step.get("on", date.min)) > day:
            continue
        match step["do"]:
            case "join" | "transfer":
                home = step["organisation"]
            case "leave" | "die":
                home = None
    return home


def test_removing_a_fact_changes_a_figure_unless_a_cap_swallows_it() -> None:
    """Which facts are swallowed is said here by hand: of so many of one kind in one quarter, any single one."""
    known = facts(steps())
    swallowed = Counter[tuple[str, str, str]]()
    for fact, step in known.items():
        person = fact[1]
        period = quarter(step["day"])
        without = {key: value for key, value in known.items() if key != fact}
        if added_up(person, period, steps(), without) == added_up(person, period, steps(), known):
            swallowed[person, period, step["kind"]] += 1
    assert swallowed == {
        ("wangchun", "2022Q1", "group-meeting"): 2,  # the two of January
        ("qinghe", "2022Q1", "group-meeting"): 2,
        ("wangchun", "2022Q1", "volunteering"): 4,  # the four of March
        ("wangchun", "2022Q2", "volunteering"): 9,  # nine, of which eight fill the quarter's cap
        ("qinghe", "2022Q1", "mediation"): 4,
        ("qinghe", "2022Q3", "mediation"): 4,
        ("wendi", "2022Q1", "stage-show"): 3,
        ("yannian", "2022Q2", "policy-talk"): 3,  # the three of May
        ("siyuan", "2022Q2", "theme-education"): 7,  # the aspect's cap cuts five points
        ("siyuan", "2022Q2", "party-day"): 3,
        ("siyuan", "2022Q2", "branch-assembly"): 1,
        ("siyuan", "2022Q2", "party-lecture"): 1,
        ("changgeng", "2022Q2", "theme-education"): 1,  # exempt
    }


def test_expected_covers_twelve_people_three_branches_and_every_situation() -> None:
    wanted = {
        "month cap", "quarter cap of an item", "aspect cap", "proxy entry", "correction", "withdrawn attendance",
        "late entry", "transfer", "registered after the attendance", "another class", "died", "moved", "exemption",
        "deduction confirmed", "deduction withdrawn", "veto", "late fact after the close", "upheld objection",
    }  # fmt: skip
    named = {row["key"]: row for row in expected_people()}
    assert set(named) == set(pack().people)
    assert len(named) >= 12
    assert len(pack().expected["branch"]) >= 3
    assert wanted <= pack().expected["situations"].keys()
    for place in pack().expected["situations"].values():
        person, period, figure = place.split()
        assert figure in named[person].get(period, {}) or period in named[person][figure], place
    assert {pack().people[person]["class"] for person in named} == set("ABCD")


def test_every_code_and_every_name_in_the_pack_is_known_to_it() -> None:
    lists = {name: {row["code"] for row in rows} for name, rows in pack().taxonomies.items()}
    people = {*pack().people, *(member.name for member in pack().roster)}
    met: set[str] = set()
    for step in steps():
        assert step.get("class", "A") in lists["class"]
        assert step.get("organisation") in {None, *pack().organisations}
        assert {entry.person for entry in story.listed(step)} | {step.get("person", "wangchun")} <= people, step["key"]
        assert set(step.get("proxied", ())) <= set(step.get("attended", ()))
        if step["do"] in ("meet", "series"):
            for meeting in story.meetings(step, pack()):
                assert meeting.kind in lists["activity-kind"]
                assert meeting.theme in {None, *lists["theme"]}
                assert meeting.place in {None, *lists["place-kind"]}
                assert set(meeting.hosts) <= set(pack().organisations)
                assert {entry.person for entry in meeting.entries} <= people
        elif step["do"] in ("appraise", "confirm", "deduct"):
            assert step["item"] in {item["code"] for item in pack().book["item"]}
            assert set(step.get("people", ())) <= set(pack().people)
        elif "activity" in step:
            assert step["activity"] in met, "a step corrects only what was held before it"
        met.add(step["key"])
    for row in pack().people.values():
        assert row["class"] in lists["class"]
        assert row["capacity"] in lists["capacity"]
        assert row.get("rank") in {None, *lists["rank"]}
        assert row["township"] in lists["township"]
        assert {row.get("home", "peach"), row.get("further", "peach")} <= set(pack().organisations)
    assert {member.class_ for member in pack().roster} <= lists["class"]
    assert {kind for item in pack().book["item"] for kind in item.get("kinds", ())} <= lists["activity-kind"]


def test_no_key_of_the_story_is_used_twice() -> None:
    keys = Counter(step["key"] for step in steps())
    assert [key for key, times in keys.items() if times > 1] == []


def test_the_book_and_the_divisions_say_that_they_are_examples() -> None:
    assert pack().book["example"] is True
    assert "示例" in pack().book["title"]
    for township in pack().taxonomies["township"]:
        assert township["example"] is True
        assert township["code"].startswith("4307259"), "a range that the national list does not use"


def test_there_are_twenty_branches_and_six_hundred_people() -> None:
    kinds = Counter(row["kind"] for row in pack().organisations.values())
    assert kinds["branch"] == 20
    assert kinds["temporary"] == 1
    assert len(pack().roster) + len(pack().people) == 600
    sizes = Counter(member.branch for member in pack().roster)
    assert set(sizes) == set(pack().large_branches)
    assert max(sizes.values()) <= 50


def test_the_roster_is_what_its_seed_draws() -> None:
    with pack().roster_file.open(encoding="utf-8-sig", newline="") as file:
        assert [tuple(row) for row in csv.reader(file)] == [pack_roster.HEADINGS, *pack_roster.rows(FOLDER)]


def identities() -> Iterator[tuple[str, str, str, str]]:
    for row in pack().people.values():
        yield row["name"], row["identity"], row["phone"], row["address"]
    with pack().roster_file.open(encoding="utf-8-sig", newline="") as file:
        for cells in csv.DictReader(file):
            yield cells["姓名"], cells["身份证号"], cells["电话"], cells["住址"]


def test_nobody_can_be_taken_for_a_real_person() -> None:
    surnames = pack_roster_names()["surnames"]
    for name, number, phone, home in identities():
        assert name[:2] in surnames, name
        assert number.startswith("999"), "a region that is no place"
        digits = sum(int(digit) * weight for digit, weight in zip(number, WEIGHTS, strict=False))
        assert "10X98765432"[digits % 11] == number[17]
        assert phone.startswith("109"), "a prefix that no subscriber can have"
        assert "虚构" in home


def pack_roster_names() -> dict[str, Any]:
    return pack_roster._read(FOLDER.parent / "invented-names.toml")


@pytest.mark.parametrize("what", [0, 1, 2], ids=["name", "identity number", "phone"])
def test_no_two_people_share_a_name_a_number_or_a_phone(what: int) -> None:
    assert [value for value, times in Counter(row[what] for row in identities()).items() if times > 1] == []


def test_points_travel_as_tenths_and_nothing_finer() -> None:
    assert (tenths(Decimal("2.5")), tenths(3)) == (25, 30)
    assert (points(25), points(600), points(0)) == ("2.5", "60.0", "0.0")
    with pytest.raises(ValueError, match="finer"):
        tenths(Decimal("0.25"))
