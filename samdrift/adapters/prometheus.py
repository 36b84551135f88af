"""Prometheus: raw samples of a plain selector from any Prometheus-compatible HTTP API, exactly as they were scraped (costs.md M10, 7)."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any

from samdrift.adapters.limits import NETWORK, SIZES
from samdrift.model.errors import CouldNotObserve

if TYPE_CHECKING:
    import httpx

LIMIT = NETWORK["prometheus"]
EXACT = 2**53
"""Prometheus and VictoriaMetrics hold doubles: an integer above this is changed in silence, so it is refused."""
SMALLEST = timedelta(minutes=1)
"""A window that is too large for the server's sample limit is halved down to this."""
WINDOW = timedelta(hours=6)
PASSING = frozenset({429, 500, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Sample:
    """One sample: `value` an integer in the unit of the series; None where it was stale or no whole number, with the text."""

    at: datetime
    value: int | None
    text: str


@dataclass(frozen=True, slots=True)
class Series:
    """One series of a selector: its labels, and its raw samples in time's order."""

    labels: Mapping[str, str]
    samples: tuple[Sample, ...]


def read_samples(url: str, selector: str, start: datetime, end: datetime, *, tenant: str | None = None, deadline_s: float = LIMIT.total_s) -> tuple[Series, ...]:
    """The raw samples of a selector in [start, end], by series; windows overlap, since servers differ on their left border (dropped as duplicates later).

    `url` is the API's base, with a path prefix if it has one; `tenant` is Mimir's X-Scope-OrgID. CouldNotObserve when the answer is not whole: nothing of it is given.
    """
    import httpx

    until = time.monotonic() + deadline_s
    headers = {"X-Scope-OrgID": tenant} if tenant else {}
    found: dict[tuple[tuple[str, str], ...], dict[datetime, Sample]] = {}
    with httpx.Client(base_url=url.rstrip("/"), headers=headers, trust_env=False) as client:
        open_windows = _windows(start, end)
        while open_windows:
            begin, stop = open_windows.pop(0)
            answer = _ask(client, selector, begin, stop, until)
            if answer is None:
                middle = begin + (stop - begin) / 2
                open_windows[:0] = [(begin, middle), (middle, stop)]
                continue
            for series in answer:
                kept = found.setdefault(tuple(sorted(series.labels.items())), {})
                kept.update({sample.at: sample for sample in series.samples if start <= sample.at <= end})
    return tuple(Series(dict(labels), tuple(sample for _, sample in sorted(kept.items()))) for labels, kept in sorted(found.items()))


def _windows(start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    found = []
    while start < end:
        found.append((start, min(start + WINDOW, end)))
        start += WINDOW
    return found


def _ask(client: httpx.Client, selector: str, start: datetime, end: datetime, until: float) -> Sequence[Series] | None:
    """The window's series, or None when the server says that it holds too many samples (422)."""
    import httpx

    reach = int((end - start).total_seconds() * 1000) + 1
    asked = {"query": f"{selector}[{reach}ms]", "time": f"{end.timestamp():.3f}"}
    said = ""
    for attempt in range(LIMIT.attempts):
        if time.monotonic() >= until:
            raise CouldNotObserve(f"{client.base_url} did not answer within its time{': ' + said if said else ''}")
        if attempt:
            time.sleep(min(attempt, max(0.0, until - time.monotonic())))
        try:
            status, body = _post(client, asked, until)
        except httpx.HTTPError as error:
            said = str(error) or type(error).__name__
            continue
        if status == 422 and end - start > SMALLEST:
            return None
        if status in PASSING:
            said = f"status {status}"
            continue
        return _read(client, status, body)
    raise CouldNotObserve(f"{client.base_url} gave no answer: {said}", help="is it up, and does this machine reach it?")


def _post(client: httpx.Client, asked: Mapping[str, str], until: float) -> tuple[int, bytes]:
    """Status and body; 422 for a body over the limit, a time-out too for one that comes a byte at a time."""
    import httpx

    left = max(0.05, until - time.monotonic())
    timeout = httpx.Timeout(min(LIMIT.read_s, left), connect=min(LIMIT.connect_s, left))
    with client.stream("POST", "/api/v1/query", data=dict(asked), timeout=timeout) as answer:
        body = bytearray()
        for piece in answer.iter_bytes():
            body += piece
            if time.monotonic() >= until:
                raise httpx.ReadTimeout("the answer did not end")
            if len(body) > SIZES["samples"]:
                return 422, b""
        return answer.status_code, bytes(body)


def _read(client: httpx.Client, status: int, body: bytes) -> Sequence[Series]:
    """CouldNotObserve for a refusal, for what is no such answer, and for a part of one."""
    import json

    where = str(client.base_url)
    try:
        told: Any = json.loads(body)
        if status != 200 or told["status"] != "success":
            raise CouldNotObserve(f"{where} refuses the query: {told.get('error', f'status {status}')}")
        if told.get("isPartial"):
            raise CouldNotObserve(f"{where} gave a part of the answer (isPartial); nothing of it is kept")
        return [Series(_labels(one["metric"]), tuple(_sample(*pair) for pair in one["values"])) for one in told["data"]["result"]]
    except (ValueError, KeyError, TypeError, AttributeError):
        raise CouldNotObserve(f"{where} gave no answer of the Prometheus HTTP API (status {status})") from None


def _labels(metric: Mapping[str, Any]) -> dict[str, str]:
    return {str(name): str(value) for name, value in metric.items()}


def _sample(at: Any, text: Any) -> Sample:
    from datetime import UTC

    milliseconds = int((Decimal(str(at)) * 1000).to_integral_value())
    instant = datetime.fromtimestamp(milliseconds // 1000, UTC) + timedelta(milliseconds=milliseconds % 1000)
    return Sample(instant, _whole(str(text)), str(text))


def _whole(text: str) -> int | None:
    """The integer of a sample's text (`1.5e+09` too), None for NaN, infinities, fractions and what a double cannot hold exactly."""
    if not re.fullmatch(r"[-+]?[0-9.]+([eE][-+]?[0-9]{1,3})?", text):
        return None
    try:
        value = Decimal(text)
    except InvalidOperation:
        return None
    return int(value) if value == value.to_integral_value() and abs(value) <= EXACT else None
