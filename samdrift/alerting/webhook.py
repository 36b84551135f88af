"""What Alertmanager 0.25 posts to a webhook, read; one bad alert costs only itself (monitoring.md 8)."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from samdrift.model.alert import ToldAlert
from samdrift.model.period import read_instant

FINGERPRINT = re.compile(r"[0-9a-f]{1,32}")
LABEL = re.compile(r"[a-zA-Z_][a-zA-Z0-9_]{0,127}")
MAX_LABELS = 64
MAX_TEXT = 4096
"""Characters of a label's or annotation's value."""


@dataclass(frozen=True, slots=True)
class Post:
    """The alerts of one post, and in a sentence each what was refused."""

    alerts: tuple[ToldAlert, ...]
    refused: tuple[str, ...] = ()


def read_post(body: bytes) -> Post:
    """The alerts of a body; ValueError when it is no post of Alertmanager at all."""
    try:
        whole = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise ValueError("the body is no JSON") from error
    alerts = whole.get("alerts") if isinstance(whole, dict) else None
    if not isinstance(alerts, list):
        raise ValueError("the body has no list of alerts")  # noqa: TRY004 (it is the text that is wrong)
    taken: list[ToldAlert] = []
    refused: list[str] = []
    for number, told in enumerate(alerts):
        try:
            taken.append(_read(told))
        except ValueError as error:
            refused.append(f"alert {number}: {error}")
    return Post(tuple(taken), tuple(refused))


def _read(told: Any) -> ToldAlert:
    if not isinstance(told, dict):
        raise ValueError("is no object")  # noqa: TRY004 (it is the text that is wrong)
    fingerprint = told.get("fingerprint")
    if not isinstance(fingerprint, str) or not FINGERPRINT.fullmatch(fingerprint):
        raise ValueError("has no fingerprint")
    if told.get("status") not in {"firing", "resolved"}:
        raise ValueError("is neither firing nor resolved")
    labels = _texts(told.get("labels"), "labels")
    if "alertname" not in labels:
        raise ValueError("has no alertname")
    ends = _instant(told.get("endsAt")) if told["status"] == "resolved" else None
    return ToldAlert(fingerprint, _instant(told.get("startsAt")), ends, labels, _texts(told.get("annotations") or {}, "annotations"))


def _instant(value: Any) -> datetime:
    """An instant to the microsecond; Go writes up to nine digits of a second."""
    if not isinstance(value, str) or len(value) > 64:
        raise ValueError("has no time")
    at = read_instant(re.sub(r"(\.[0-9]{6})[0-9]+", r"\1", value))
    if at < datetime(2000, 1, 1, tzinfo=UTC):
        raise ValueError("has no time")
    return at


def _texts(value: Any, what: str) -> Mapping[str, str]:
    if not isinstance(value, dict) or len(value) > MAX_LABELS:
        raise ValueError(f"has no {what}, or more than {MAX_LABELS}")
    for name, text in value.items():
        if not LABEL.fullmatch(name) or not isinstance(text, str) or len(text) > MAX_TEXT:
            raise ValueError(f"has {what} that are none")
    return dict(value)
