"""Health: `/-/healthy` and `/-/ready`, 200 or 503 and nothing else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from starlette.responses import Response
from starlette.routing import Route

if TYPE_CHECKING:
    from starlette.requests import Request

    from samdrift.daemon.snapshot import Snapshots


def routes(snapshots: Snapshots) -> list[Route]:
    """Alive, and ready after the first snapshot."""

    async def healthy(_: Request) -> Response:
        return Response(status_code=200)

    async def ready(_: Request) -> Response:
        return Response(status_code=200 if snapshots.ready else 503)

    return [Route("/-/healthy", healthy, methods=["GET", "HEAD"]), Route("/-/ready", ready, methods=["GET", "HEAD"])]
