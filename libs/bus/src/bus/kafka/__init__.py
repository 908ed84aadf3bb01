"""Kafka as the bus uses it: the only import of aiokafka. Above this package topics have their catalogue names."""

from aiokafka.errors import KafkaError

from bus.kafka.clients import Member, Producer, Reader
from bus.kafka.cluster import Kafka
from bus.kafka.records import Acknowledged, Headers, Outgoing, Partition, Record, SendFailed

__all__ = [
    "Acknowledged",
    "Headers",
    "Kafka",
    "KafkaError",
    "Member",
    "Outgoing",
    "Partition",
    "Producer",
    "Reader",
    "Record",
    "SendFailed",
]
