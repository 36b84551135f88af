"""The NUT adapter on a real upsd, and on servers that refuse, hang, drip, babble or flood."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import contextmanager, suppress

import pytest

from samdrift.adapters.limits import NETWORK, SIZES
from samdrift.adapters.nut import read_ups
from samdrift.model.finding import Reason
from tests.lab.parts.ups import Ups

pytestmark = pytest.mark.level("bare")


def values(raws):
    return {raw.quantity: raw.text for raw in raws}


def test_a_real_ups_is_read_and_followed_when_it_changes(tmp_path):
    with Ups(tmp_path / "ups") as ups:
        host, port = ups.address
        seen = values(read_ups(host, "ups1", "ups-a1", port=port))
        assert (seen["ups.status"], seen["ups.realpower"]) == ("OL", "8400")
        ups.on_battery(low=True)
        assert values(read_ups(host, "ups1", "ups-a1", port=port))["ups.status"] == "OB LB"
        (unknown,) = read_ups(host, "no-such-ups", "ups-a1", port=port)
        assert (unknown.text, unknown.reason) == (None, Reason.NO_DATA)
    (gone,) = read_ups(host, "ups1", "ups-a1", port=port)
    assert (gone.text, gone.reason) == (None, Reason.REFUSED)


@contextmanager
def double(serve):
    """A server on loopback that does to each client what it is told."""
    ended = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def accept():
            while not ended.is_set():
                try:
                    client, _ = listening.accept()
                except OSError:
                    return
                with client, suppress(OSError):
                    serve(client, ended)

        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        try:
            yield listening.getsockname()[1]
        finally:
            ended.set()
            listening.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def silent(client, ended):
    ended.wait(30)


def dripping(client, ended):
    while not ended.wait(0.3):
        client.sendall(b"V")


def closing(client, ended):
    client.recv(100)


def flooding(client, ended):
    client.recv(100)
    line = b'VAR ups1 x "' + b"y" * 60_000 + b'"\n'
    for _ in range(SIZES["response"] // len(line) + 2):
        client.sendall(line)


def stale(client, ended):
    client.recv(100)
    client.sendall(b"ERR DATA-STALE\n")


@pytest.mark.parametrize(
    ("serve", "reason"),
    [(silent, Reason.TIMEOUT), (dripping, Reason.STALLED), (closing, Reason.NO_DATA), (flooding, Reason.MALFORMED), (stale, Reason.STALE)],
)
def test_a_server_that_does_not_answer_well_costs_only_its_limit_and_says_why(serve, reason):
    with double(serve) as port:
        began = time.monotonic()
        raws = read_ups("127.0.0.1", "ups1", "ups-a1", port=port)
        assert time.monotonic() - began < NETWORK["nut"].total_s + 2
    assert [(raw.text, raw.reason) for raw in raws] == [(None, reason)]
