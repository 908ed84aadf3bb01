"""JSON logs on standard output: ids, counts and sentences of ours; never a value that a person typed.

An error's own message may quote a row ("Key (name)=(…)"), so of a foreign error only its type, its place in the code
and PostgreSQL's state and constraint are written.
"""

import logging
import sys
import traceback
from collections.abc import MutableMapping
from typing import Any

import orjson
import structlog

Fields = MutableMapping[str, Any]


def setup(service: str, process: str, level: int = logging.INFO) -> None:
    """Send structlog and the standard library's loggers to standard output, a JSON object a line."""
    before: list[structlog.types.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _origin(service, process),
        _without_values,
    ]
    structlog.configure(
        processors=[*before, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_foreign, *before],
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, _render],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for noisy in ("aiokafka", "httpx", "httpcore", "uvicorn.access"):
        logging.getLogger(noisy).setLevel(logging.WARNING)


def where(error: BaseException) -> list[str]:
    """Where an error came from: file, line and function of each frame, without any value."""
    frames = traceback.extract_tb(error.__traceback__)
    return [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-12:]]


def _origin(service: str, process: str) -> structlog.types.Processor:
    def add(_logger: Any, _name: str, fields: Fields) -> Fields:
        return {"service": service, "process": process, **fields}

    return add


def _foreign(_logger: Any, _name: str, fields: Fields) -> Fields:
    """A library's warning is kept as its template: its arguments may hold what a clerk typed."""
    record = fields.get("_record")
    if isinstance(record, logging.LogRecord):
        if record.levelno >= logging.WARNING:  # below, structlog has filled the template in already
            fields["event"] = str(record.msg)
        fields["logger"] = record.name
        fields["exc_info"] = record.exc_info
    return fields


def _without_values(_logger: Any, _name: str, fields: Fields) -> Fields:
    error = fields.pop("exc_info", None)
    if error is True:
        error = sys.exc_info()
    if isinstance(error, tuple):
        error = error[1]
    if isinstance(error, BaseException):
        fields["error"] = type(error).__name__
        fields["where"] = where(error)
        origin = getattr(error, "orig", error)
        for name in ("sqlstate", "constraint_name"):
            if value := getattr(getattr(origin, "__cause__", None) or origin, name, None):
                fields[name] = value
    return fields


def _render(_logger: Any, _name: str, fields: Fields) -> str:
    return orjson.dumps(fields, default=str).decode()
