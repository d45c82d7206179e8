"""Errors as the API tells them: problem details (RFC 9457), with our remedy.

No body holds a path of this machine or a traceback; the log has them.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException

from kb.errors import BusyError, KnowledgeBaseError, QueryError, shown

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
_RETRY_SECONDS = 2
_TYPES = "mentor-cities://problems/"
_TITLES = {
    HTTPStatus.UNAUTHORIZED: "A key is needed",
    HTTPStatus.NOT_FOUND: "There is no such thing",
    HTTPStatus.METHOD_NOT_ALLOWED: "It can only be read",
    HTTPStatus.REQUEST_URI_TOO_LONG: "The address is too long",
    HTTPStatus.MISDIRECTED_REQUEST: "Another host is named",
    HTTPStatus.UNPROCESSABLE_ENTITY: "The question or a parameter cannot be used",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something is wrong here",
    HTTPStatus.SERVICE_UNAVAILABLE: "No answer at the moment",
}
_HEADERS = {
    HTTPStatus.UNAUTHORIZED: ("WWW-Authenticate", "How to bear the key."),
    HTTPStatus.SERVICE_UNAVAILABLE: ("Retry-After", "After how many seconds to ask."),
}
_REASONS = {"missing": "it is needed", "extra_forbidden": "there is no such parameter"}
_UNAVAILABLE = (
    "the knowledge base cannot answer at the moment.",
    "Ask again later. The log of the server says why.",
)


class WrongParameter(BaseModel):
    """One parameter that cannot be used."""

    parameter: str
    reason: str


class ProblemDetails(BaseModel):
    """What is wrong with a request, and what to do about it."""

    type: str = Field(
        description="The kind of problem, for programs.",
        examples=["mentor-cities://problems/unknown-city"],
    )
    title: str = Field(description="The same for each problem of a status.")
    status: int = Field(description="That of the response.")
    detail: str = Field(description="What is wrong, with the value.")
    remedy: str = Field(description="What to do about it.")
    errors: list[WrongParameter] = Field(
        default=[],
        description="Each parameter that there is not, or whose value does not fit.",
    )


class RefusedError(Exception):
    """A request that the door itself refuses.

    Args:
        status: Of the response.
        kind: Last part of the problem's type.
        detail: What is wrong, with the value.
        remedy: What to do about it.
        headers: Further ones of the response.
    """

    def __init__(
        self,
        status: HTTPStatus,
        kind: str,
        detail: str,
        remedy: str,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Keep the response that tells it."""
        super().__init__(detail)
        self.response = problem_response(status, kind, detail, remedy, headers)


def busy(reason: str) -> RefusedError:
    """Return what tells that so many wait that no more can."""
    return RefusedError(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "busy",
        reason,
        f"Ask again in {_RETRY_SECONDS} seconds.",
        {"Retry-After": str(_RETRY_SECONDS)},
    )


def problem_response(
    status: HTTPStatus,
    kind: str,
    detail: str,
    remedy: str,
    headers: Mapping[str, str] | None = None,
    errors: list[WrongParameter] | None = None,
) -> JSONResponse:
    """Return a response with the JSON of `ProblemDetails`."""
    problem = ProblemDetails(
        type=_TYPES + kind,
        title=_TITLES.get(status, status.phrase),
        status=status,
        detail=detail,
        remedy=remedy,
        errors=errors or [],
    )
    return JSONResponse(
        problem.model_dump(exclude_defaults=True), status, headers, MEDIA_TYPE
    )


def described(*statuses: HTTPStatus) -> dict[int | str, dict[str, Any]]:
    """Return how OpenAPI describes problems with some statuses."""
    responses: dict[int | str, dict[str, Any]] = {}
    for status in statuses:
        responses[int(status)] = {
            "model": ProblemDetails,
            "description": _TITLES[status],
        }
        if status in _HEADERS:
            name, description = _HEADERS[status]
            header = {"description": description, "schema": {"type": "string"}}
            responses[int(status)]["headers"] = {name: header}
    return responses


def tell_problems(api: FastAPI) -> None:
    """Let an API answer every error with a problem."""
    api.exception_handler(RefusedError)(_of_refused)
    api.exception_handler(QueryError)(_of_query)
    api.exception_handler(BusyError)(_of_busy)
    api.exception_handler(KnowledgeBaseError)(_of_knowledge_base)
    api.exception_handler(RequestValidationError)(_of_parameters)
    api.exception_handler(HTTPException)(_of_routing)
    api.exception_handler(Exception)(_of_failure)


async def _of_refused(_: Request, exc: RefusedError) -> JSONResponse:
    return exc.response


async def _of_query(_: Request, exc: QueryError) -> JSONResponse:
    return problem_response(
        HTTPStatus.UNPROCESSABLE_ENTITY, exc.fault, exc.reason, exc.remedy
    )


async def _of_busy(_: Request, exc: BusyError) -> JSONResponse:
    return busy(exc.reason).response


async def _of_knowledge_base(_: Request, exc: KnowledgeBaseError) -> JSONResponse:
    logger.error("a request was not answered: %s", exc)
    logger.debug("it failed here", exc_info=exc)
    return problem_response(
        HTTPStatus.SERVICE_UNAVAILABLE, "unavailable", *_UNAVAILABLE
    )


async def _of_parameters(request: Request, exc: RequestValidationError) -> JSONResponse:
    errors = [
        WrongParameter(
            parameter=str(error["loc"][1]),
            reason=_REASONS.get(error["type"], error["msg"]),
        )
        for error in exc.errors()
    ]
    return problem_response(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "parameters",
        f"{'; '.join(f'{error.parameter}: {error.reason}' for error in errors)}.",
        _known_parameters(request),
        errors=errors,
    )


def _known_parameters(request: Request) -> str:
    """Return a sentence with the parameters of the address that was asked."""
    route: APIRoute = request.scope["route"]
    models = [found.field_info.annotation for found in route.dependant.query_params]
    known = [name for model in models if model for name in model.model_fields]
    if not known:
        return "This address takes no parameters."
    return f"It takes {', '.join(known)}; /openapi.json describes them."


async def _of_routing(request: Request, exc: HTTPException) -> JSONResponse:
    status = HTTPStatus(exc.status_code)
    return problem_response(
        status,
        status.phrase.lower().replace(" ", "-"),
        f"{request.method} {shown(request.url.path)} is not offered.",
        "GET /openapi.json lists what is.",
        {"Allow": "GET, HEAD"} if status == HTTPStatus.METHOD_NOT_ALLOWED else None,
    )


async def _of_failure(_: Request, __: Exception) -> JSONResponse:
    return problem_response(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "failure",
        "the request failed, which is a fault of this program.",
        "Please report it to the people who run this server; its log says where.",
    )
