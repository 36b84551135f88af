"""The receiver: Alertmanager's webhook; 200 after the commit, never before (reliability.md D7)."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from samdrift.model.errors import SamdriftError
from samdrift.operations.receive_alerts import POST_LIMIT_BYTES, receive_alerts

if TYPE_CHECKING:
    from starlette.requests import Request

    from samdrift.operations.open_store import Store

LOG = logging.getLogger("samdrift.receiver")
BODY_SECONDS = 10.0
STORE_SECONDS = 5.0
"""How long a post waits for the store; kept after all, it comes again and is known."""


async def _body(request: Request) -> bytes | None:
    """The body, or None when it is over the limit."""
    parts = bytearray()
    async for part in request.stream():
        parts += part
        if len(parts) > POST_LIMIT_BYTES:
            return None
    return bytes(parts)


def routes(store: Store, clock: Callable[[], datetime]) -> list[Route]:
    """`/webhook/alertmanager`; what passes by itself (store away) is 503, for Alertmanager tries that again within a second."""

    async def webhook(request: Request) -> Response:
        try:
            body = await asyncio.wait_for(_body(request), BODY_SECONDS)
        except TimeoutError:
            return PlainTextResponse("the body did not come\n", 408)
        if body is None:
            return PlainTextResponse("over 4 MiB\n", 413)
        try:
            received = await asyncio.wait_for(asyncio.to_thread(receive_alerts, store, body, at=clock()), STORE_SECONDS)
        except ValueError as error:
            return PlainTextResponse(f"{error}\n", 400)
        except TimeoutError:
            LOG.warning("alerts not kept: the store did not answer within %g s", STORE_SECONDS)
            return PlainTextResponse("not kept, try again\n", 503)
        except SamdriftError as error:
            LOG.warning("alerts not kept: %s", error.message)
            return PlainTextResponse("not kept, try again\n", 503)
        for reason in received.refused:
            LOG.warning("refused: %s", reason)
        return PlainTextResponse(f"{received.new} new, {received.known} known, {len(received.refused)} refused\n")

    return [Route("/webhook/alertmanager", webhook, methods=["POST"])]
