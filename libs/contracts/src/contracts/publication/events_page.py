"""docs/events.md: what an analyst needs to read the topics."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from contracts.catalogue import INTERNAL, PROPOSING, SCORABLE, TOPICS, Topic
from contracts.publication.places import Places
from contracts.publication.rows import Row, rows

Schemas = Mapping[str, Mapping[str, Any]]

INTRODUCTION: Final = """\
# The events

Written by `python -m contracts generate` from `libs/contracts`; change it there.

Everything that Jinqiu's services tell each other, and you, stands on the topics of this page. Each message is one
[CloudEvents 1.0](https://cloudevents.io) event in structured mode: a JSON object in UTF-8 with the attributes of
[the envelope](#the-envelope) and, under `data`, **the whole public state of one thing after something happened to it**.
The event's `type` says what happened. The same for machines: [asyncapi.yaml](asyncapi.yaml), and a JSON Schema for each
type in `libs/contracts/src/contracts/schemas`.

## Reading them

* **Act on the state, not on the type.** Keep one row per `subject` and let the event with the higher `aggregateversion`
  replace it. Then nothing that comes twice, late or again from the beginning can harm you. A topic with several kinds
  of subjects has a data class for each, which its table of types names: there the type tells you which one to read,
  and still not what to do. A subject keeps its class for ever.
* **Every event reaches you at least once**, in order per `subject`, at times more than once. Its `id` stays the same.
* **Take every type of a topic**, or you miss states. A type that you do not know carries the same state. Where a topic
  has several data classes, the word before the type's first dot says which: `exemption.` is always an exemption's.
* **Ignore fields that you do not know.** Within a version, the `.v1` at the end of a type, fields and words are only
  added; nothing goes away or changes its type, unit or meaning. A list of words may grow, so decide what you make of
  one that you do not know. A breaking change comes as `.v2` beside `.v1`, until nobody reads `.v1`.
* **`time` is when it happened, `recordedtime` when it was typed in.** A sheet of March, typed in during May, belongs
  to March. Both are UTC; days and quarters are those of Asia/Shanghai. Where only a day is known, `time` is its first
  moment there, and what is settled beforehand has a `time` still to come.
* **Points are whole numbers of tenths**: `25` is two and a half points.
* **`until` is the first day on which something no longer holds.** What `null` means stands in the field's line.
* **Topics are kept for ever**, so you can begin at the beginning, and again from there. If Kafka's disks are lost, the
  topics are written anew from the services' journals, with the same ids.

## What is never on a topic

No name of a person, no identity number, telephone number or address, no birth date, nothing about health, illness or
hardship, nobody's words about anybody. A person is an id that means nothing outside the county's own books. Why
somebody has a class or a capacity is not told, only its code and since when. Codes and words are checked before an
event is built: a telephone or identity number does not fit into one.
"""

RETENTION: Final = "for ever"


def events_page(places: Places, schemas: Schemas) -> str:
    """Write the whole page, with an example of each type from the golden ones."""
    parts = [INTRODUCTION, *_topic_table(), *_envelope(schemas)]
    for topic in TOPICS:
        parts += _topic(topic, schemas)
        parts += [line for type_ in topic.types for line in _example(type_, places)]
    return "\n".join(parts).rstrip() + "\n"


def _table(head: Iterable[str], body: Iterable[Iterable[str]]) -> Iterator[str]:
    titles = list(head)
    yield f"| {' | '.join(titles)} |"
    yield f"|{' --- |' * len(titles)}"
    for line in body:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |"
    yield ""


def _topic_table() -> Iterator[str]:
    yield "## The topics\n"
    yield from _table(
        ("topic", "what", "owner", "subject", "key", "consumers", "kept"),
        (
            (
                f"[`{topic.name}`](#{_anchor(topic.name)})",
                topic.about,
                topic.owner,
                _subject(topic),
                f"`<{topic.key}>`",
                ", ".join(topic.consumers) or "none yet",
                RETENTION,
            )
            for topic in TOPICS
        ),
    )
    yield (
        f"Each topic has {TOPICS[0].partitions} partitions, and the record's key decides which, so all events of a key "
        "are in order.\nEach record has the headers `content-type: application/cloudevents+json; charset=UTF-8` and "
        "`ce_type`, the type once more,\nso that a reader can skip it unread. What a consumer cannot read or handle "
        "goes to `<topic>.dlq.<group>`, for operators only.\n"
    )
    yield f"Not for reading, a service's own memory: {', '.join(f'`{each.name}`' for each in INTERNAL)}.\n"
    yield f"Rule books may give points for these, and for no others: {_listed(SCORABLE)}. A deduction may be proposed"
    yield f"by {_listed(PROPOSING)}, and counts only once a person has confirmed it.\n"


def _envelope(schemas: Schemas) -> Iterator[str]:
    yield "## The envelope\n"
    around = [row for row in rows(schemas[TOPICS[0].types[0]]) if not row.path.startswith("data.")]
    yield from _table(
        ("attribute", "type", "meaning"),
        ((f"`{row.path}`", _type(row), _meaning(row)) for row in around),
    )


def _topic(topic: Topic, schemas: Schemas) -> Iterator[str]:
    yield f"## {topic.name}\n"
    yield f"{topic.about} Subject {_subject(topic)}, key `<{topic.key}>`, published by {topic.owner}.\n"
    yield from _table(
        ("type", "`data`", "what happened", "scorable"),
        (
            (f"`{t}`", f"`{topic.shape(t).__name__}`", topic.meanings[_bare(t)], _scorable(topic, _bare(t)))
            for t in topic.types
        ),
    )
    of_shape: dict[str, list[str]] = {}
    for type_ in topic.types:
        of_shape.setdefault(topic.shape(type_).__name__, []).append(type_)
    for name, types in of_shape.items():
        where = f" of {', '.join(f'`{type_}`' for type_ in types)}" if len(of_shape) > 1 else ""
        yield f"`data`{where} is `{name}`:\n"
        inner = [row for row in rows(schemas[types[0]]) if row.path.startswith("data.")]
        yield from _table(
            ("field", "type", "unit", "meaning"),
            ((f"`{row.path[5:]}`", _type(row), row.unit or "", _meaning(row)) for row in inner),
        )


def _example(type_: str, places: Places) -> Iterator[str]:
    first = places.examples_of(type_)[0]
    yield f"<details><summary>An example of <code>{type_}</code></summary>\n"
    yield f"```json\n{first.read_text('utf-8').rstrip()}\n```\n"
    yield "</details>\n"


def _type(row: Row) -> str:
    return row.kind + (" or null" if row.nullable else "") + ("" if row.required else ", may be absent")


def _meaning(row: Row) -> str:
    words = "; ".join(f"`{word}` {meaning}" for word, meaning in row.words.items())
    return f"{row.meaning} Words: {words}." if words else row.meaning


def _subject(topic: Topic) -> str:
    return f"`{'/'.join(f'<{part}>' for part in topic.subject.split('/'))}`"


def _scorable(topic: Topic, name: str) -> str:
    if name in topic.scorable:
        return "yes"
    return "as a proposal" if name in topic.proposing else ""


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(names))


def _bare(type_: str) -> str:
    return type_.rpartition(".")[0]


def _anchor(heading: str) -> str:
    return heading.replace(".", "")
