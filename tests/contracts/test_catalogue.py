"""The catalogue names every topic once, and tells for each event where it goes and under which key."""

from collections.abc import Callable

import pytest

from contracts import topics
from contracts.catalogue import INTERNAL, PROPOSING, SCORABLE, TOPICS, Topic, all_dead_letters, topic_named
from contracts.envelope import Envelope

Event = Callable[..., Envelope]

COUNTY = "01900000-0000-7000-8000-0000000000c0"
PERSON = "01900000-0000-7000-8000-000000000101"
ACTIVITY = "01900000-0000-7000-8000-000000000301"
JUDGEMENT = "01900000-0000-7000-8000-000000000801"


@pytest.mark.parametrize(
    ("topic", "type_", "subject", "key"),
    [
        (topics.COUNTY, "county.established.v1", COUNTY, COUNTY),
        (topics.PERSON, "person.died.v1", PERSON, PERSON),
        (topics.ORGANISATION, "organisation.founded.v1", ACTIVITY, ACTIVITY),
        (topics.MEMBERSHIP, "membership.joined.v1", PERSON, PERSON),
        (topics.ACTIVITY, "activity.held.v1", ACTIVITY, ACTIVITY),
        (topics.PARTICIPATION, "activity.attended.v1", f"{ACTIVITY}/{PERSON}", PERSON),
        (topics.PARTICIPATION, "attendance.withdrawn.v1", f"{ACTIVITY}/{PERSON}", PERSON),
        (topics.RULEBOOK, "rulebook.bound.v1", ACTIVITY, ACTIVITY),
        (topics.PERIOD, "period.opened.v1", f"{COUNTY}/2022Q1", COUNTY),
        (topics.APPRAISAL, "objection.filed.v1", f"{PERSON}/{JUDGEMENT}", PERSON),
        (topics.YEAR, "year.evaluated.v1", f"{COUNTY}/2022", COUNTY),
        (topics.NOTICE, "notice.published.v1", ACTIVITY, ACTIVITY),
        (topics.POINTS, "points.changed.v1", PERSON, PERSON),
    ],
)
def test_the_key_is_the_part_of_the_subject_that_the_catalogue_names(
    event: Event, topic: Topic, type_: str, subject: str, key: str
) -> None:
    assert topic.key_of(event(type=type_, subject=subject, source=f"/jinqiu/{topic.owner}")) == key


@pytest.mark.parametrize(
    ("topic", "change", "sentence"),
    [
        (topics.PERSON, {}, "registry.person does not carry activity.attended.v1"),
        (topics.PARTICIPATION, {"type": "activity.attended.v2"}, "does not carry activity.attended.v2"),
        (topics.PARTICIPATION, {"type": "activity.attended.v10"}, "does not carry"),
        (topics.PARTICIPATION, {"type": "activity.held.v1"}, "does not carry"),
        (topics.PERSON, {"type": "person.split.v1", "subject": PERSON}, "does not carry person.split.v1"),
        (topics.PARTICIPATION, {"source": "/jinqiu/scoring"}, "belongs to registry"),
        (topics.PARTICIPATION, {"subject": PERSON}, "a subject on registry.participation is activity/person"),
        (topics.COUNTY, {"type": "county.amended.v1", "subject": PERSON}, "is not in county"),
        (
            topics.PERIOD,
            {"type": "period.opened.v1", "subject": f"{PERSON}/2022Q1", "source": "/jinqiu/scoring"},
            "is not in county",
        ),
        (
            topics.YEAR,
            {"type": "year.evaluated.v1", "subject": f"{PERSON}/2022", "source": "/jinqiu/scoring"},
            "is not in county",
        ),
    ],
)
def test_an_event_that_does_not_belong_on_a_topic_gets_no_key(
    event: Event, topic: Topic, change: dict[str, str], sentence: str
) -> None:
    with pytest.raises(ValueError, match=sentence):
        topic.key_of(event(**change))


@pytest.mark.parametrize("part", ["2022Q1", "x"])
def test_a_participation_is_of_a_person_and_not_of_something_else(event: Event, part: str) -> None:
    with pytest.raises(ValueError, match="a subject on"):
        topics.PARTICIPATION.key_of(event(subject=f"{ACTIVITY}/{part}"))


@pytest.mark.parametrize("part", ["2022Q1", "22", "20222", ACTIVITY])
def test_a_year_is_written_in_four_figures(event: Event, part: str) -> None:
    with pytest.raises(ValueError, match=r"a subject on scoring\.year is county/year"):
        topics.YEAR.key_of(event(type="year.evaluated.v1", subject=f"{COUNTY}/{part}", source="/jinqiu/scoring"))


def test_every_topic_constant_is_in_the_catalogue_once() -> None:
    constants = {id(value) for value in vars(topics).values() if isinstance(value, Topic)}
    assert sorted(map(id, TOPICS)) == sorted(constants)
    assert len({topic.name for topic in TOPICS}) == len(TOPICS)


def test_a_type_stands_on_one_topic_only() -> None:
    types = [type_ for topic in TOPICS for type_ in topic.types]
    assert len(types) == len(set(types))


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.name)
def test_a_topic_says_everything_about_itself(topic: Topic) -> None:
    assert topic.about
    assert topic.meanings.keys() == topic.events.keys()
    assert topic.scorable | topic.proposing <= topic.events.keys()
    assert not topic.scorable & topic.proposing
    assert topic.key in topic.subject.split("/")
    assert topic.name.startswith(f"{topic.owner}.")
    assert "_" not in topic.name  # Kafka's metrics cannot tell it from a dot
    assert topic.partitions == 12
    assert topic.config["retention.ms"] == "-1"


def test_data_classes_tell_their_version_in_their_name() -> None:
    for topic in TOPICS:
        for type_ in topic.types:
            assert topic.shape(type_).__name__.endswith(type_.rpartition(".")[2].upper())


def test_rules_may_score_attendance_and_nothing_else_yet() -> None:
    assert frozenset({"activity.attended"}) == SCORABLE


def test_an_absence_may_propose_a_deduction_and_nothing_else_yet() -> None:
    assert frozenset({"activity.missed"}) == PROPOSING


def test_what_a_service_keeps_for_itself_is_no_topic_of_the_catalogue_and_compacted() -> None:
    assert not {each.name for each in INTERNAL} & {topic.name for topic in TOPICS}
    assert {each.config["cleanup.policy"] for each in INTERNAL} == {"compact"}


def test_the_tallies_changelog_has_a_partition_for_each_of_the_points() -> None:
    assert topics.TALLIES in INTERNAL
    assert topics.TALLIES.partitions == topics.POINTS.partitions


def test_a_topic_is_found_by_its_name() -> None:
    assert topic_named("registry.participation") is topics.PARTICIPATION


def test_every_consumer_of_a_topic_has_a_dead_letter_topic_of_one_partition() -> None:
    found = {letters.name: letters.partitions for letters in all_dead_letters()}
    assert found == {f"{topic.name}.dlq.{group}": 1 for topic in TOPICS for group in topic.consumers}
    assert "registry.participation.dlq.scoring" in found


def test_a_group_that_the_catalogue_does_not_list_has_no_dead_letters() -> None:
    with pytest.raises(ValueError, match=r"notify is not a consumer of registry\.person"):
        topics.PERSON.dead_letters("notify")
