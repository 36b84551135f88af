"""Raw samples over the Prometheus HTTP API: what odd servers do never becomes a reading, nor an endless wait."""

from __future__ import annotations

import json
import threading
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs

import pytest

from samdrift.adapters import prometheus
from samdrift.adapters.prometheus import read_samples
from samdrift.model.errors import CouldNotObserve

pytestmark = pytest.mark.network
START = datetime(2026, 10, 25, tzinfo=UTC)
HOUR = timedelta(hours=1)


@contextmanager
def server(answer):
    """A server that gives `answer(parameters, headers)` = (status, body) or None to hang; its requests are kept."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            told = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode())
            asked.append({**{key: values[0] for key, values in told.items()}, "path": self.path, "tenant": self.headers.get("X-Scope-OrgID")})
            got = answer(asked)
            if got is None:
                time.sleep(5)
                return
            self.send_response(got[0])
            self.end_headers()
            self.wfile.write(got[1])

        def log_message(self, *_):
            pass

    served = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    served.daemon_threads = True
    thread = threading.Thread(target=served.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{served.server_port}", asked
    finally:
        served.shutdown()
        served.server_close()
        thread.join()


def told(*values, partial=False):
    result = [{"metric": {"instance": "are-srv-1"}, "values": [[START.timestamp() + at, text] for at, text in values]}]
    return json.dumps({"status": "success", "isPartial": partial, "data": {"resultType": "matrix", "result": result}}).encode()


def test_samples_are_read_from_their_text_to_the_millisecond():
    body = told((0.25, "1073741824"), (60, "1.5e+09"), (120, "NaN"), (180, "0.5"), (240, "9007199254740993"), (300, "+Inf"), (360, "9007199254740992"))
    with server(lambda _: (200, body)) as (url, _):
        (series,) = read_samples(url, "x", START, START + HOUR)
    assert [sample.value for sample in series.samples] == [1073741824, 1500000000, None, None, None, None, 2**53]
    assert series.samples[0].at == START + timedelta(milliseconds=250)
    assert series.labels == {"instance": "are-srv-1"}


def test_a_path_prefix_and_a_tenant_go_with_the_question():
    with server(lambda _: (200, told())) as (url, asked):
        read_samples(f"{url}/prometheus/", 'if_octets{site="a"}', START, START + HOUR, tenant="jamtland")
    assert asked == [{"query": 'if_octets{site="a"}[3600001ms]', "time": f"{(START + HOUR).timestamp():.3f}", "path": "/prometheus/api/v1/query", "tenant": "jamtland"}]


def test_a_window_over_the_servers_sample_limit_is_halved():
    with server(lambda asked: (422, b"{}") if len(asked) == 1 else (200, told((len(asked), str(len(asked)))))) as (url, asked):
        (series,) = read_samples(url, "x", START, START + HOUR)
    assert [one["query"] for one in asked] == ["x[3600001ms]", "x[1800001ms]", "x[1800001ms]"]
    assert [sample.value for sample in series.samples] == [2, 3]


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (200, told((0, "1"), partial=True), "isPartial"),
        (200, b'{"status": "success", "data": ', "no answer of the Prometheus HTTP API"),
        (400, json.dumps({"status": "error", "error": "parse error"}).encode(), "parse error"),
        (404, b"not here", "no answer of the Prometheus HTTP API"),
        (422, b"{}", "status 422"),
    ],
)
def test_what_is_no_whole_answer_is_no_reading(status, body, said):
    with server(lambda _: (status, body)) as (url, _), pytest.raises(CouldNotObserve, match=said):
        read_samples(url, "x", START, START + timedelta(minutes=1))


def test_too_many_requests_is_tried_again_and_then_said(monkeypatch):
    monkeypatch.setattr(prometheus.time, "sleep", lambda _: None)
    with server(lambda asked: (429, b"") if len(asked) == 1 else (200, told((0, "1")))) as (url, asked):
        assert read_samples(url, "x", START, START + HOUR)
        assert len(asked) == 2
    with server(lambda _: (503, b"")) as (url, asked), pytest.raises(CouldNotObserve, match="status 503"):
        read_samples(url, "x", START, START + HOUR)
    assert len(asked) == 3


def test_a_server_that_hangs_is_left_in_time_and_one_that_is_not_there_is_said():
    with server(lambda _: None) as (url, _):
        began = time.monotonic()
        with pytest.raises(CouldNotObserve, match=r"did not answer within its time|gave no answer"):
            read_samples(url, "x", START, START + HOUR, deadline_s=0.5)
        assert time.monotonic() - began < 3
    with pytest.raises(CouldNotObserve, match="gave no answer"):
        read_samples("http://127.0.0.1:9", "x", START, START + HOUR, deadline_s=5)
