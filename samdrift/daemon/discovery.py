"""Service discovery: `/sd/JOB` from the last valid inventory (reliability.md D6)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from samdrift.model.errors import UnknownId
from samdrift.operations.list_targets import list_targets

if TYPE_CHECKING:
    from starlette.requests import Request

    from samdrift.daemon.snapshot import Snapshots


def routes(snapshots: Snapshots) -> list[Route]:
    """`/sd/JOB`: a list of {targets, labels}."""

    async def discovery(request: Request) -> Response:
        try:
            body = list_targets(snapshots.inventory, request.path_params["job"])
        except UnknownId:
            return PlainTextResponse("no such job\n", 404)
        return Response(body, media_type="application/json")

    return [Route("/sd/{job}", discovery, methods=["GET"])]
