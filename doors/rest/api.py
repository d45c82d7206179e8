"""The addresses of the API and what they give."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from http import HTTPStatus
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Query, Request, Response
from fastapi import Path as PathParameter
from fastapi.responses import JSONResponse
from fastapi.telemetry import TelemetryConfig

from doors.listing import listed_cases
from doors.rest import shapes
from doors.rest.desk import Desk
from doors.rest.gate import Gate
from doors.rest.key import require_key
from doors.rest.parameters import (
    AskParameters,
    CasesParameters,
    CompareParameters,
    Parameters,
    SearchParameters,
)
from doors.rest.problems import (
    MEDIA_TYPE,
    RefusedError,
    described,
    tell_problems,
)
from kb.errors import shown
from kb.records import (
    answer_record,
    city_record,
    comparison_record,
    full_case_record,
    hit_record,
    manifest_record,
)
from kb.review import MEANING

if TYPE_CHECKING:
    from pydantic import SecretStr

    from kb import KnowledgeBase
    from kb.records import Record

DESCRIPTION = (
    "Cited answers from public practice cases of nine European mentor cities. It only "
    "reads. Quote statements word for word and name their public sources with their "
    "years. Where `abstained` is true, the sources do not answer: `reason` says why, "
    f"and `closest` is no answer. {MEANING}"
)
_EXAMPLES: dict[str, Any] = json.loads(
    Path(__file__).with_name("examples.json").read_text(encoding="utf-8")
)
"""What each operation has answered, by its name."""
_ALWAYS = (
    HTTPStatus.REQUEST_URI_TOO_LONG,
    HTTPStatus.MISDIRECTED_REQUEST,
    HTTPStatus.UNPROCESSABLE_ENTITY,
    HTTPStatus.INTERNAL_SERVER_ERROR,
    HTTPStatus.SERVICE_UNAVAILABLE,
)


# FastAPI's own tracing would pass questions to whatever OpenTelemetry is set up.
_TELLS_NOBODY: TelemetryConfig = {
    "auto_configure": False,
    "logs": False,
    "metrics": False,
    "tracing": False,
}


def is_of_api(path: str) -> bool:
    """Return whether a path is one that the API answers, not something beside it."""
    return path.startswith("/v1/") or path in (
        "/v1",
        "/health",
        "/ready",
        "/openapi.json",
    )


def build_api(
    desk: Desk, names: Sequence[str], key: SecretStr | None = None
) -> FastAPI:
    """Return the API as an ASGI application.

    Args:
        desk: What answers, a bounded number of requests at once.
        names: What the server may be called, from `own_names`.
        key: What requests have to bear; None for nothing.
    """
    api = _Api(
        title="Mentor cities knowledge base",
        description=DESCRIPTION,
        version=version("mentor-cities-kb"),
        license_info={"name": "Apache-2.0", "identifier": "Apache-2.0"},
        openapi_url="/openapi.json",
        docs_url=None,  # their scripts would come from elsewhere
        redoc_url=None,
        redirect_slashes=False,
        telemetry=_TELLS_NOBODY,
        generate_unique_id_function=lambda route: route.name,
    )
    api.state.desk = desk
    api.add_middleware(Gate, names=names)
    tell_problems(api)
    api.include_router(
        reading,
        dependencies=[Depends(require_key(key))] if key else [],
        responses=described(HTTPStatus.UNAUTHORIZED) if key else {},
    )
    api.include_router(watching)
    return api


class _Api(FastAPI):
    def openapi(self) -> dict[str, Any]:
        """Return the description, with examples, and errors in the type they have."""
        whole = super().openapi()
        for address in whole["paths"].values():
            operation = address["get"]
            for status, response in operation["responses"].items():
                (content,) = response["content"].values()
                if int(status) >= HTTPStatus.BAD_REQUEST:
                    response["content"] = {MEDIA_TYPE: content}
                else:
                    content["example"] = _EXAMPLES[operation["operationId"]]
        return whole


async def _desk(request: Request) -> Desk:
    desk: Desk = request.app.state.desk
    return desk


AtDesk = Annotated[Desk, Depends(_desk)]
NoParameters = Annotated[Parameters, Query()]

reading = APIRouter(prefix="/v1", responses=described(*_ALWAYS))
watching = APIRouter(responses=described(*_ALWAYS))


@reading.get("/ask", response_model=shapes.Answer)
async def ask(given: Annotated[AskParameters, Query()], desk: AtDesk) -> Response:
    """Answer a question with statements quoted from the cases, each cited."""
    return await desk.answer(lambda kb: answer_record(kb.ask(given.query())))


@reading.get("/search", response_model=list[shapes.Hit])
async def search(given: Annotated[SearchParameters, Query()], desk: AtDesk) -> Response:
    """Find the passages that are nearest to a question, best first.

    They are near, which does not mean that they answer.
    """

    def found(kb: KnowledgeBase) -> list[Record]:
        return [hit_record(hit) for hit in kb.search(given.query(), given.k)]

    return await desk.answer(found)


@reading.get("/compare", response_model=shapes.Comparison)
async def compare(
    given: Annotated[CompareParameters, Query()], desk: AtDesk
) -> Response:
    """Lay side by side what the cases of two to four cities say on a question."""
    return await desk.answer(lambda kb: comparison_record(kb.compare(given.query())))


@reading.get("/cases", response_model=shapes.Cases)
async def cases(given: Annotated[CasesParameters, Query()], desk: AtDesk) -> Response:
    """List the cases with summaries and addresses of their sources, in order."""
    return await desk.answer(
        lambda kb: listed_cases(kb, given.city, given.theme, given.offset, given.limit)
    )


@reading.get(
    "/cases/{city}/{practice}",
    response_model=shapes.FullCase,
    responses=described(HTTPStatus.NOT_FOUND),
)
async def case(
    city: Annotated[str, PathParameter(examples=["lund"])],
    practice: Annotated[str, PathParameter(examples=["stangby-local-energy-hub"])],
    _: NoParameters,
    desk: AtDesk,
) -> Response:
    """Return a whole case: every statement with its sources, and what is open."""

    def found(kb: KnowledgeBase) -> Record:
        full = kb.full_case(f"{city}/{practice}")
        if full is None:
            raise RefusedError(
                HTTPStatus.NOT_FOUND,
                "no-such-case",
                f"there is no case {shown(f'{city}/{practice}')}.",
                "GET /v1/cases lists them.",
            )
        return full_case_record(full)

    return await desk.answer(found)


@reading.get("/cities", response_model=list[shapes.City])
async def cities(_: NoParameters, desk: AtDesk) -> Response:
    """List the mentor cities."""
    return await desk.answer(lambda kb: [city_record(city) for city in kb.cities])


@reading.get("/themes", response_model=list[shapes.Theme])
async def themes(_: NoParameters, desk: AtDesk) -> Response:
    """List the themes that cases are filed under."""
    return await desk.answer(lambda kb: [asdict(theme) for theme in kb.themes])


@reading.get("/status", response_model=shapes.Status)
async def status(_: NoParameters, desk: AtDesk) -> Response:
    """Tell what is published: model, counts, time."""
    return await desk.answer(lambda kb: manifest_record(kb.manifest))


@watching.get("/health", response_model=shapes.Health)
async def health(_: NoParameters, desk: AtDesk) -> Response:
    """Tell whether the program lives; it needs no key and takes no turn."""
    await desk.live()
    return JSONResponse({"status": "ok"})


@watching.get("/ready", response_model=shapes.Health)
async def ready(_: NoParameters, desk: AtDesk) -> Response:
    """Tell whether a question is answered; it needs no key and takes no turn."""
    await desk.ready()
    return JSONResponse({"status": "ok"})
