"""Errors for the person who gets them: RFC 9457, a title, and a sentence in Chinese that a clerk understands.

A service's domain errors carry the sentence as their text; its table of errors gives each a status and a title.
No answer ever repeats a value that was sent.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

MEDIA_TYPE = "application/problem+json"
_WRONG_FIELD = {"type": "object", "properties": {"field": {"type": "string"}, "sentence": {"type": "string"}}}
PROBLEM_SCHEMA = {
    "type": "object",
    "required": ["type", "title", "status", "detail", "request"],
    "properties": {
        "type": {"type": "string", "description": "`/problems/…`: what kind it is, for programs"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "a sentence for the person who asked"},
        "request": {"type": ["string", "null"], "description": "the id under which the log has the rest"},
        "errors": {"type": "array", "items": _WRONG_FIELD},
    },
}
FIELD = re.compile(r"[a-z][a-z_-]{0,39}")


@dataclass(frozen=True, slots=True)
class Answer:
    """How one kind of error is answered: status, the last part of its `type`, and its title."""

    status: int
    slug: str
    title: str
    headers: Mapping[str, str] = field(default_factory=dict)


ErrorTable = Mapping[type[Exception], Answer]

_TITLES = {
    400: "请求有误",
    401: "尚未登录",
    403: "没有权限",
    404: "没有找到",
    405: "不支持的操作",
    406: "不支持的格式",
    413: "内容过大",
    415: "不支持的格式",
    422: "填写有误",
    500: "系统出错",
    503: "暂时不可用",
}
_SENTENCES = {
    404: "没有这个地址，或者所找的内容不在您的县里。",
    405: "这个地址不支持这种操作。",
    500: "系统内部出错，您的内容没有保存。请稍后再试，并把请求编号告诉管理员。",
}
# The words of pydantic's error types that a clerk meets; any other type is «填写不正确».
_WRONG = {
    "missing": "必须填写",
    "extra_forbidden": "没有这一项",
    "string_too_short": "不能为空",
    "string_too_long": "太长",
    "string_pattern_mismatch": "格式不对",
    "date_from_datetime_parsing": "不是日期（应为 2022-03-31 的样子）",
    "date_parsing": "不是日期（应为 2022-03-31 的样子）",
    "timezone_aware": "时间必须带时区",
    "datetime_parsing": "不是时间（应为 2022-03-31T09:00:00+08:00 的样子）",
    "datetime_from_date_parsing": "不是时间（应为 2022-03-31T09:00:00+08:00 的样子）",
    "int_parsing": "不是整数",
    "int_type": "不是整数",
    "bool_parsing": "只能是 true 或 false",
    "bool_type": "只能是 true 或 false",
    "literal_error": "不是可选的值",
    "enum": "不是可选的值",
    "too_long": "项数太多",
    "too_short": "至少要有一项",
    "json_invalid": "不是正确的 JSON",
    "greater_than_equal": "太小",
    "less_than_equal": "太大",
}


def problem(
    request: Request, answer: Answer, detail: str, errors: Sequence[Mapping[str, Any]] | None = None
) -> JSONResponse:
    """One problem document; `request` is the id under which the log has the rest."""
    body: dict[str, Any] = {
        "type": f"/problems/{answer.slug}",
        "title": answer.title,
        "status": answer.status,
        "detail": detail,
        "request": getattr(request.state, "request_id", None),
    }
    if errors is not None:
        body["errors"] = list(errors)
    return JSONResponse(body, answer.status, headers=dict(answer.headers), media_type=MEDIA_TYPE)


def plain(status: int) -> Answer:
    return Answer(status, str(status), _TITLES.get(status, _TITLES[status // 100 * 100]))


async def on_http_error(request: Request, error: Exception) -> JSONResponse:
    status = error.status_code if isinstance(error, HTTPException) else 500
    answer = plain(status)
    if isinstance(error, HTTPException) and error.headers:
        answer = Answer(status, answer.slug, answer.title, error.headers)
    return problem(request, answer, _SENTENCES.get(status, answer.title + "。"))


async def on_invalid_input(request: Request, error: Exception) -> JSONResponse:
    """Name each wrong field and what is wrong with it, never the value."""
    found = error.errors() if isinstance(error, RequestValidationError) else []
    errors = [{"field": _path(wrong["loc"]), "sentence": _WRONG.get(wrong["type"], "填写不正确")} for wrong in found]
    detail = "填写有误：" + "；".join(f"{wrong['field']} {wrong['sentence']}" for wrong in errors[:5]) + "。"
    return problem(request, Answer(422, "invalid-input", _TITLES[422]), detail, errors)


def _path(loc: Sequence[str | int]) -> str:
    """Where it is. What does not look like a field's name (an unknown key may be anything) is not repeated."""
    shown = [str(part) if isinstance(part, int) or FIELD.fullmatch(part) else "?" for part in loc]
    parts = [part for part in shown if part not in ("body", "query", "path", "header")]
    return ".".join(parts) or str(loc[0])


def answering(table: ErrorTable) -> Any:
    """A handler for the errors of a table. An error with `errors` (a list of places and sentences) shows them too."""

    async def handle(request: Request, error: Exception) -> JSONResponse:
        kind = next(kind for kind in type(error).__mro__ if kind in table)
        return problem(request, table[kind], str(error), getattr(error, "errors", None))

    return handle
