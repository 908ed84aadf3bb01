"""Every topic that Kafka must have, out of the catalogue: public ones, dead letters, services' own memory."""

from bus.kafka.cluster import MAX_REQUEST_BYTES
from bus.kafka.topics import Wanted
from contracts.catalogue import INTERNAL, TOPICS, all_dead_letters

# A dead letter may be the largest record that a public topic takes, and its headers.
ROOM = {"max.message.bytes": str(MAX_REQUEST_BYTES)}


def wanted() -> list[Wanted]:
    """List them all."""
    public = [Wanted(topic.name, topic.partitions, topic.config) for topic in TOPICS]
    letters = [Wanted(box.name, box.partitions, {**box.config, **ROOM}) for box in all_dead_letters()]
    return public + letters + [Wanted(each.name, each.partitions, each.config) for each in INTERNAL]
