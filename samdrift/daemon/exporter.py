"""The exporter's routes: `/metrics` from the snapshot, of all or of one member."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from samdrift.model.reading import SHARED
from samdrift.operations.export_metrics import OPENMETRICS_TYPE, TEXT_TYPE

if TYPE_CHECKING:
    from starlette.requests import Request

    from samdrift.daemon.snapshot import Snapshots


def routes(snapshots: Snapshots) -> list[Route]:
    """`/metrics` and `/metrics?member=ID`, as Prometheus text or OpenMetrics by Accept."""

    async def metrics(request: Request) -> Response:
        page = snapshots.page
        if page is None:
            return PlainTextResponse("no snapshot yet\n", 503)
        member = request.query_params.get("member")
        if member is not None:
            if member != SHARED and member not in snapshots.inventory.members:
                return PlainTextResponse("no such member\n", 404)
            page = await asyncio.to_thread(page.of, member)
        if "application/openmetrics-text" in request.headers.get("accept", ""):
            return Response(page.openmetrics, headers={"content-type": OPENMETRICS_TYPE})
        return Response(page.text, headers={"content-type": TEXT_TYPE})

    return [Route("/metrics", metrics, methods=["GET"])]
