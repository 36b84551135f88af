"""Receive alerts: a post of Alertmanager into the store; what is answered well is kept (reliability.md D7)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from samdrift.adapters.limits import SIZES
from samdrift.alerting.webhook import read_post
from samdrift.store import Store, alerts

POST_LIMIT_BYTES = SIZES["webhook"]


@dataclass(frozen=True, slots=True)
class Received:
    """How many alerts of a post were new, known already, or refused, and why."""

    new: int
    known: int
    refused: tuple[str, ...]


def receive_alerts(store: Store, body: bytes, *, at: datetime) -> Received:
    """Committed when this returns; ValueError when the body is no post, CouldNotRecord when the store does not take it."""
    post = read_post(body)
    with store.write() as connection:
        new = sum(alerts.take(connection, told, at=at) for told in post.alerts)
    return Received(new, len(post.alerts) - new, post.refused)
