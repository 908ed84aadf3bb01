"""Every metric of the bus, with its unit. `service` is the process's own; `group` is the consumers'."""

from prometheus_client import Counter, Gauge, Histogram

UNSENT = Gauge("jinqiu_bus_unsent_events", "Events committed and not yet acknowledged by Kafka, count.", ["service"])
UNSENT_AGE = Gauge("jinqiu_bus_unsent_age_seconds", "Age of the oldest unsent event, seconds; 0: none.", ["service"])
SENT = Counter("jinqiu_bus_sent_events_total", "Events acknowledged by Kafka, count.", ["service"])
RELAY_HELD = Gauge("jinqiu_bus_relay_held", "1: this process is the service's relay. 0: it stands by.", ["service"])

APPLIED = Counter("jinqiu_bus_applied_events_total", "Events whose effect was committed, count.", ["group"])
DUPLICATES = Counter("jinqiu_bus_duplicate_events_total", "Events that the inbox already had, count.", ["group"])
SKIPPED = Counter("jinqiu_bus_skipped_events_total", "Events of types this release does not know, count.", ["group"])
DEAD_LETTERS = Counter("jinqiu_bus_dead_letters_total", "Events set aside, count.", ["group", "word"])
RETRIES = Counter("jinqiu_bus_retries_total", "Batches put off because something was away, count.", ["group"])
DROPPED = Counter("jinqiu_bus_dropped_batches_total", "Batches that another worker had overtaken, count.", ["group"])
LOGS_LOST = Counter("jinqiu_bus_lost_logs_total", "Partitions read again from the beginning, count.", ["group"])
EVENT_AGE = Histogram(
    "jinqiu_bus_event_age_seconds",
    "From the recording of a batch's oldest event to the commit of its effect, seconds.",
    ["group"],
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 3600, 86400),
)
BATCH = Histogram(
    "jinqiu_bus_batch_events",
    "Events applied in one transaction, count.",
    ["group"],
    buckets=(1, 4, 16, 64, 256, 1024, 4096),
)
BATCH_SECONDS = Histogram(
    "jinqiu_bus_batch_seconds",
    "Time to apply one batch, seconds.",
    ["group"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60),
)
