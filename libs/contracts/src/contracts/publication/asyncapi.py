"""The catalogue as an AsyncAPI 3.0 document, for the tools that read one."""

from typing import Any

from contracts.catalogue import TOPICS, Topic
from contracts.envelope import Envelope
from contracts.publication.schemas import attributes, definitions

CONTENT_TYPE = "application/cloudevents+json"


def asyncapi() -> dict[str, Any]:
    """Describe every public topic and every event on it."""
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Jinqiu events",
            "version": "1.0.0",
            "description": "Every message is a CloudEvents 1.0 event in structured mode. docs/events.md tells more.",
        },
        "defaultContentType": CONTENT_TYPE,
        "channels": {topic.name: _channel(topic) for topic in TOPICS},
        "operations": {f"{topic.owner}-publishes-{topic.name}": _operation(topic) for topic in TOPICS},
        "components": {
            "messages": {type_: _message(topic, type_) for topic in TOPICS for type_ in topic.types},
            "schemas": _schemas(),
        },
    }


def _channel(topic: Topic) -> dict[str, Any]:
    config = topic.config
    return {
        "address": topic.name,
        "description": topic.about,
        "messages": {type_: {"$ref": f"#/components/messages/{type_}"} for type_ in topic.types},
        "bindings": {
            "kafka": {
                "topic": topic.name,
                "partitions": topic.partitions,
                "topicConfiguration": {
                    "cleanup.policy": [config["cleanup.policy"]],
                    "retention.ms": int(config["retention.ms"]),
                    "retention.bytes": int(config["retention.bytes"]),
                },
                "bindingVersion": "0.5.0",
            }
        },
        "x-consumers": list(topic.consumers),
    }


def _operation(topic: Topic) -> dict[str, Any]:
    return {
        "action": "send",
        "channel": {"$ref": f"#/channels/{topic.name}"},
        "summary": f"{topic.owner} publishes on {topic.name}.",
        "messages": [{"$ref": f"#/channels/{topic.name}/messages/{type_}"} for type_ in topic.types],
    }


def _message(topic: Topic, type_: str) -> dict[str, Any]:
    narrower = {
        "type": {"const": type_},
        "source": {"const": f"/jinqiu/{topic.owner}"},
        "subject": {"pattern": topic.subject_pattern},
        "data": {"$ref": f"#/components/schemas/{topic.shape(type_).__name__}"},
    }
    return {
        "name": type_,
        "summary": topic.meanings[type_.rpartition(".")[0]],
        "contentType": CONTENT_TYPE,
        "headers": {"type": "object", "properties": {"ce_type": {"type": "string", "const": type_}}},
        "payload": {"allOf": [{"$ref": "#/components/schemas/Envelope"}, {"type": "object", "properties": narrower}]},
        "bindings": {
            "kafka": {"key": {"type": "string", "description": f"The {topic.key}'s id."}, "bindingVersion": "0.5.0"}
        },
    }


def _schemas() -> dict[str, Any]:
    shapes = {topic.shape(type_): None for topic in TOPICS for type_ in topic.types}
    found = definitions((Envelope, *shapes), "#/components/schemas/{model}")
    return {**found, "Envelope": attributes(found["Envelope"])}
