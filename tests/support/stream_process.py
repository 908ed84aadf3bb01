"""A stream process for the tests that kill it, on topics behind a prefix: `python -m support.stream_process '{…}'`."""

import asyncio
import json
import sys

from joserfc.jwk import ECKey, KeySet

from bus.errors import CannotStart
from bus.kafka import Kafka
from kit.database import Sessions
from kit.logs import setup
from kit.tokens import fixed_keys
from scoring import app
from scoring.settings import StreamSettings


async def keep(order: dict[str, str]) -> None:
    settings = StreamSettings.model_validate(
        {
            **order,
            "http_port": 1,
            "metrics_port": 1,
            "issuer": "https://jinqiu.test",
            "audience": "scoring",
            "jwks_url": "http://127.0.0.1:1/jwks.json",
        }
    )
    sessions = Sessions(app.engine_of(settings, "stream"))
    keys = fixed_keys(KeySet([ECKey.import_key(order["key"])]))
    await app.keep_tallies(settings, sessions, Kafka(settings.kafka_bootstrap, order["prefix"]), keys)


if __name__ == "__main__":
    setup("scoring", "stream")
    try:
        asyncio.run(keep(json.loads(sys.argv[1])))
    except CannotStart as error:
        print(error, file=sys.stderr)  # noqa: T201 — what the test reads
        raise SystemExit(2) from None
