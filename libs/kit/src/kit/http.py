"""The HTTP shell of every service: request ids, problem+json, health, metrics, one access line a request."""

import asyncio
import signal
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import AbstractAsyncContextManager
from typing import Any

import httpx
import structlog
import uvicorn
from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from uuid_utils import uuid7

from kit import commands
from kit.commands import NotKnownYet, Replayed, Shell
from kit.database import Sessions
from kit.problems import PROBLEM_SCHEMA, Answer, ErrorTable, answering, on_http_error, on_invalid_input, problem

log = structlog.get_logger()
Check = Callable[[], Awaitable[None]]
"""Returns when the thing is there and raises when it is not."""

REQUESTS = Counter("jinqiu_http_requests_total", "Requests answered.", ["service", "method", "route", "status"])
SECONDS = Histogram("jinqiu_http_request_seconds", "Time to answer a request, seconds.", ["service", "route"])
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
LOCK_NOT_AVAILABLE = "55P03"
AWAY = "数据库或登录服务暂时不可用，内容没有保存，请稍后再试。"
BUSY = "本县资料正被另一项操作占用（如季度结账），内容没有保存，请稍候再试。"
UNAVAILABLE = Answer(503, "unavailable", "暂时不可用", {"Retry-After": "5"})


def create_app(  # noqa: PLR0913 — the shell's parts
    service: str,
    *,
    shell: Shell,
    routers: Iterable[APIRouter],
    errors: ErrorTable,
    checks: Mapping[str, Check] | None = None,
    alive: Check | None = None,
    lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]] | None = None,
    max_body: int = 4 * 1024 * 1024,
) -> FastAPI:
    """Build the API process: the service's routers under `/api/v1`, everything else as everywhere."""
    app = Api(title=f"Jinqiu {service}", version="1", openapi_url="/api/v1/openapi.json", lifespan=lifespan)
    app.state.shell = shell
    for router in routers:
        app.include_router(router, prefix="/api/v1")
    table: dict[type[Exception], Answer] = {**commands.ERRORS, **errors}
    for kind in table:
        app.add_exception_handler(kind, answering(table))
    app.add_exception_handler(HTTPException, on_http_error)
    app.add_exception_handler(RequestValidationError, on_invalid_input)
    app.add_exception_handler(Replayed, _replay)
    for lost in (OSError, httpx.TransportError, DBAPIError, PoolTimeout):
        app.add_exception_handler(lost, _unavailable)
    app.add_middleware(CommandMiddleware, max_body=max_body)
    app.add_middleware(Trail, service=service)
    app.include_router(health({"database": database_check(shell.sessions), **(checks or {})}, alive))
    return app


class Api(FastAPI):
    """Says in its OpenAPI what kit does for every route: the keys it demands, and the one shape of all errors."""

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            document = super().openapi()
            document.setdefault("components", {}).setdefault("schemas", {})["Problem"] = PROBLEM_SCHEMA
            for item in document["paths"].values():
                for method, operation in item.items():
                    _tell_what_kit_demands(method, operation)
            self.openapi_schema = document
        return self.openapi_schema


def _tell_what_kit_demands(method: str, operation: dict[str, Any]) -> None:
    told = [each for each in operation.get("parameters", []) if method == "post" or each["name"] != "idempotency-key"]
    for each in told:
        if each["name"] in ("idempotency-key", "if-match"):
            each["required"] = True
    if "parameters" in operation:
        operation["parameters"] = told
    operation["responses"].pop("422", None)
    shape = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    operation["responses"]["default"] = {"description": "What is wrong, in a sentence for the clerk.", "content": shape}


def health(checks: Mapping[str, Check], alive: Check | None = None) -> APIRouter:
    """`/livez`: the process runs. `/readyz`: each thing it needs, and what is missing. `/metrics`: Prometheus.

    `alive` raises when a part of the process has died that cannot be begun again without the process.
    """
    router = APIRouter(include_in_schema=False)

    @router.get("/livez")
    async def live() -> JSONResponse:
        state = await _state(alive) if alive else "ok"
        return JSONResponse({"status": state}, 200 if state == "ok" else 503)

    @router.get("/readyz")
    async def ready() -> JSONResponse:
        found = {name: await _state(check) for name, check in checks.items()}
        missing = [name for name, state in found.items() if state != "ok"]
        return JSONResponse({"status": "missing" if missing else "ok", **found}, 503 if missing else 200)

    @router.get("/metrics")
    async def metrics() -> Response:
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    return router


async def _state(check: Check) -> str:
    try:
        await asyncio.wait_for(check(), timeout=3)
    except Exception as error:  # noqa: BLE001 — whatever is wrong, the answer is that it is missing
        return f"missing ({type(error).__name__})"
    return "ok"


def database_check(sessions: Sessions) -> Check:
    async def check() -> None:
        async with sessions.engine.connect() as connection:
            await connection.execute(text("SELECT 1"))

    return check


class Trail:
    """Gives each request an id, binds it to the logs, counts it, and turns what nobody caught into a 500 problem.

    The route's template is logged, never the address itself: a search text may be a name.
    """

    def __init__(self, app: Any, *, service: str) -> None:
        self.app, self.service = app, service

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        request_id = str(uuid7())
        request.state.request_id = request_id
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request=request_id)
        started, status = time.perf_counter(), 500

        async def noting(message: Any) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message["headers"], (b"x-request-id", request_id.encode())]
            await send(message)

        try:
            await self.app(scope, receive, noting)
        except Exception:
            log.exception("request failed")
            await (await on_http_error(request, HTTPException(500)))(scope, receive, noting)
        self._note(scope, status, time.perf_counter() - started)

    def _note(self, scope: Any, status: int, seconds: float) -> None:
        route = getattr(scope.get("route"), "path", "unmatched")
        if route in ("/livez", "/readyz", "/metrics"):
            return
        method = scope["method"] if scope["method"] in METHODS else "other"  # a client may send any word as one
        REQUESTS.labels(self.service, method, route, status).inc()
        SECONDS.labels(self.service, route).observe(seconds)
        log.info("request", method=method, route=route, status=status, ms=round(seconds * 1000, 1))


class CommandMiddleware:
    """Keeps the body for the key's hash, bounds it, and gives a request that came too early one more try.

    It stands outside FastAPI's own exit stacks, so the first try's transaction is over while it waits.
    """

    def __init__(self, app: Any, *, max_body: int, patience_s: float = 2.0) -> None:
        self.app, self.max_body, self.patience_s = app, max_body, patience_s

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self.app(scope, receive, send)
            return
        try:
            body = await self._read(receive)
        except ClientDisconnect:
            return  # half a request is no request, and nobody is left to be told
        request = Request(scope)
        if body is None:
            sentence = f"内容超过 {self.max_body // 1024} KB,请分成几次提交。"
            await problem(request, Answer(413, "too-large", "内容过大"), sentence)(scope, receive, send)
            return
        for patience in (self.patience_s, None):
            tried = {**scope, commands.BODY: body}
            try:
                await self.app(tried, _again(body, receive), send)
            except NotKnownYet as early:
                if patience is None:
                    answer = Answer(409, "not-known-yet", "尚未同步", {"Retry-After": "5"})
                    await problem(request, answer, str(early))(scope, receive, send)
                else:
                    await asyncio.sleep(patience)
            else:
                return
            finally:
                scope["route"] = tried.get("route")

    async def _read(self, receive: Any) -> bytes | None:
        parts, size, more = [], 0, True
        while more:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise ClientDisconnect
            parts.append(message.get("body", b""))
            size, more = size + len(parts[-1]), message.get("more_body", False)
            if size > self.max_body:
                return None
        return b"".join(parts)


def _again(body: bytes, receive: Any) -> Any:
    given = False

    async def give() -> Any:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return give


async def _replay(_request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, Replayed):
        raise error
    headers = {"Idempotent-Replayed": "true"} | ({} if error.etag is None else {"ETag": commands.etag_of(error.etag)})
    return JSONResponse({"id": error.resource}, error.status, headers=headers)


async def _unavailable(request: Request, error: Exception) -> JSONResponse:
    """The database or the issuer is away: nothing was kept, and trying again is right. Any other fault is a 500."""
    if isinstance(error, DBAPIError) and not _away(error):
        raise error
    log.warning("a server is away", exc_info=error)
    return problem(request, UNAVAILABLE, BUSY if _sqlstate(error) == LOCK_NOT_AVAILABLE else AWAY)


def _away(error: DBAPIError) -> bool:
    state = _sqlstate(error)
    # 08 connection, 40 rolled back, 53 resources, 57 operator intervention
    lost = error.connection_invalidated or not state or state[:2] in ("08", "40", "53", "57")
    return lost or state == LOCK_NOT_AVAILABLE


def _sqlstate(error: Exception) -> str:
    return str(getattr(getattr(error, "orig", None), "sqlstate", None) or "")


async def serve(app: FastAPI, host: str, port: int) -> None:
    """Serve until SIGTERM or SIGINT: finish what was begun, then end."""
    config = uvicorn.Config(app, host=host, port=port, log_config=None, access_log=False, timeout_graceful_shutdown=20)
    server = uvicorn.Server(config)
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, lambda: setattr(server, "should_exit", True))
    await server._serve()  # noqa: SLF001 — serve() would install its own signal handlers and raise them again
