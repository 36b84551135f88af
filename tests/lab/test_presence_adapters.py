"""Web and mail servers that do not behave: each costs its bounded time and is said as it was, never a traceback (dns.md 8)."""

from __future__ import annotations

import asyncio
import contextlib
import gzip
import socket
import threading
import time

import pytest

from samdrift.adapters import http, limits, presence, smtp, tls, trust_store, visits
from samdrift.adapters.connection import Closed, connect
from samdrift.adapters.dns import Asker
from samdrift.adapters.dns_walk import Walk
from samdrift.adapters.visits import Reach
from samdrift.model.dns.names import from_text
from samdrift.model.dns.observation import Host
from samdrift.model.finding import Reason
from samdrift.model.presence.lookup import Lookup
from samdrift.model.presence.talks import MailTalk

pytestmark = pytest.mark.level("bare")
HOME = "127.0.0.1"


@contextlib.contextmanager
def double(behave):
    """A server that meets each connection with `behave`, in its own thread; gives its port."""
    door = socket.create_server((HOME, 0))

    def serve():
        while True:
            try:
                link, _ = door.accept()
            except OSError:
                return
            threading.Thread(target=meet, args=(link,), daemon=True).start()

    def meet(link):
        with contextlib.suppress(OSError), link:
            link.settimeout(30)
            behave(link)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield door.getsockname()[1]
    finally:
        door.shutdown(socket.SHUT_RDWR)  # else the thread that accepts keeps it open
        door.close()


def drip(link):
    link.recv(1000)
    link.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        link.sendall(b"x")
        time.sleep(0.2)


def flood(link):
    link.recv(1000)
    link.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    while True:
        link.sendall(b"y" * 65_536)


def long_head(link):
    link.recv(1000)
    link.sendall(b"HTTP/1.1 200 OK\r\nX: " + b"z" * 200_000 + b"\r\n\r\n")


def bomb(link):
    link.recv(1000)
    packed = gzip.compress(bytes(64 * 2**20))
    link.sendall(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed) + packed)


def bad_chunks(link):
    link.recv(1000)
    link.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n")


def chunks(link):
    link.recv(1000)
    link.sendall(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3;a=b\r\none\r\n4\r\n two\r\n0\r\n\r\n")


def not_http(link):
    link.sendall(b"SSH-2.0-OpenSSH_9.2\r\n\r\n\r\n")
    link.recv(1000)


def silent(link):
    link.recv(1000)
    time.sleep(30)


def slam(link):
    link.close()


def get(behave, monkeypatch, total_s: float = 2.0, scheme: str = "http"):
    monkeypatch.setattr(http, "NETWORK", {"http": limits.Limit(1, 1, total_s)})

    async def run(port):
        return await http.fetch(await connect(HOME, port), f"{scheme}://{HOME}:{port}/", HOME)

    with double(behave) as port:
        began = time.monotonic()
        found = asyncio.run(run(port))
        assert time.monotonic() - began < total_s + 1
        return found


@pytest.mark.parametrize(
    ("behave", "status", "failed", "cut"),
    [
        (drip, 200, "stalled", True), (flood, 200, None, True), (long_head, None, "malformed", False), (bomb, 200, None, True), (bad_chunks, 200, "malformed", False),
        (chunks, 200, None, False), (not_http, None, "malformed", False), (silent, None, "stalled", True), (slam, None, "malformed", False),
    ],
    ids=lambda value: getattr(value, "__name__", str(value)),
)  # fmt: skip
def test_a_web_server_is_read_no_further_than_its_limits(behave, status, failed, cut, monkeypatch):
    found = get(behave, monkeypatch)
    assert (found.hop.status, found.hop.failed, found.hop.cut) == (status, failed, cut)
    assert found.hop.body_octets <= limits.SIZES["http-body"]
    assert len(found.body) <= limits.SIZES["http-body"]


def test_chunks_are_put_together(monkeypatch):
    assert get(chunks, monkeypatch).body == b"one two"


@pytest.mark.parametrize(("behave", "word"), [(silent, "TIMEOUT"), (slam, "CLOSED"), (not_http, "WRONG_VERSION_NUMBER")])
def test_a_handshake_that_comes_to_nothing_says_why(behave, word, monkeypatch):
    found = get(behave, monkeypatch, scheme="https")
    assert found.tls is not None
    assert found.tls.version is None
    assert found.tls.error in {word, "UNEXPECTED_EOF_WHILE_READING"}


def test_our_own_inability_is_never_an_answer_of_the_other_side():
    import ssl

    ours = ssl.SSLError(1, "[SSL: NO_CIPHERS_AVAILABLE] no ciphers available (_ssl.c:1000)")
    ours.reason = "NO_CIPHERS_AVAILABLE"
    theirs = ssl.SSLError(1, "[SSL: TLSV1_ALERT_PROTOCOL_VERSION]")
    theirs.reason = "TLSV1_ALERT_PROTOCOL_VERSION"
    assert tls.old_taken(ours, None)[0] is None
    assert tls.old_taken(theirs, None)[0] is False
    assert tls.old_taken(ConnectionResetError(), None)[0] is False
    assert tls.old_taken(TimeoutError(), None)[0] is None
    assert tls.old_taken(None, "TLSv1.1") == (True, "TLSv1.1", None)


def banner_then_nothing(link):
    link.sendall(b"220 x\r\n")
    link.recv(1000)
    time.sleep(30)


def endless_reply(link):
    link.sendall(b"220 x\r\n")
    link.recv(1000)
    while True:
        link.sendall(b"250-" + b"q" * 500 + b"\r\n")


def unwelcome(link):
    link.sendall(b"554 go away\r\n")


def other_protocol(link):
    link.sendall(b"+OK POP3\r\n")
    link.recv(1000)


@pytest.mark.parametrize(
    ("behave", "failed"),
    [(silent, "stalled"), (banner_then_nothing, "stalled"), (endless_reply, "malformed"), (unwelcome, "refused"), (other_protocol, "malformed"), (slam, "refused")],
    ids=lambda value: getattr(value, "__name__", str(value)),
)
def test_a_mail_server_is_waited_for_no_longer_than_its_limits(behave, failed, monkeypatch):
    monkeypatch.setattr(smtp, "LIMIT", limits.Limit(1, 1, 2))
    with double(behave) as port:
        monkeypatch.setattr(smtp, "PORT", port)
        began = time.monotonic()
        from samdrift.adapters.clock import now

        met = asyncio.run(smtp.talk_smtp("mx.krokom.example", HOME, MailTalk("mx.krokom.example", HOME, now())))
        assert time.monotonic() - began < 4
    assert (met.closed, met.starttls, met.failed) == (None, None, failed)
    assert len(met.dialogue) < 2 * limits.SIZES["smtp-dialogue"]


@pytest.mark.parametrize("lost", [False, True])
def test_port_25_lost_midway_is_seen_by_reaching_once_more_what_answered(lost, monkeypatch):
    """One server answers, another is silent after it: whose fault that is shows the first, met again at the end (dns.md D5, 8)."""
    from samdrift.adapters.clock import now
    from samdrift.operations.observe_compliance import _smtp

    monkeypatch.setattr(smtp, "LIMIT", limits.Limit(1, 1, 2))

    async def run(port, door):
        met = visits.Visits(Walk(Asker(), ()), asyncio.Semaphore(4))
        monkeypatch.setattr(smtp, "PORT", port)
        monkeypatch.setattr(visits, "PORT", port)
        good = await met.mail("mx.krokom.example", HOME)
        silent = MailTalk("mx.are.example", "2001:db8::25", now(), Reason.TIMEOUT, 1_000)
        await asyncio.sleep(0.01)
        if lost:
            door.close()
        seen = presence.PresenceObservation(from_text("krokom.example"), "public", good.at, now(), mail=(good, silent))
        assert _smtp([seen], met) == "lost", "nothing has answered since"
        await met.prove_smtp()
        return _smtp([seen], met), met.last_smtp, silent

    with contextlib.ExitStack() as door:
        word, last, silent = asyncio.run(run(door.enter_context(double(unwelcome)), door))
    assert word == ("lost" if lost else "proven")
    assert (last > silent.silent_until) is not lost


def test_a_closed_port_says_so():
    with double(silent) as port:
        pass
    with pytest.raises(Closed) as error:
        asyncio.run(connect(HOME, port))
    assert error.value.reason is Reason.REFUSED


@pytest.mark.parametrize(
    ("address", "follows"),
    [("127.0.0.1", False), ("10.1.2.3", False), ("192.168.0.1", False), ("169.254.169.254", False), ("::1", False), ("fd00::1", False), ("::ffff:10.0.0.1", False),
     ("fe80::1", False), ("224.0.0.1", False), ("0.0.0.0", False), ("1.1.1.1", True), ("2606:4700::1", True), ("::ffff:1.1.1.1", True)],
)  # fmt: skip
def test_redirects_lead_to_public_addresses_alone(address, follows):
    assert Reach().allows(address) is follows
    assert Reach(anywhere=True).allows(address) is True


def test_a_trust_store_leaves_out_what_is_no_certificate():
    assert trust_store.TrustStore.of(b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n").by_subject == {}
    assert trust_store.TrustStore().above((b"junk",)) == ()


def test_without_any_root_that_answers_nothing_is_known_and_nothing_raises():
    async def run():
        async with Asker() as asker:
            walk = Walk(asker, (Host(from_text("a.root.example"), ()),))
            looked = Lookup.of(from_text("krokom.example"), 15, await walk.resolve(from_text("krokom.example"), 15))
            met = visits.Visits(walk, asyncio.Semaphore(4))
            return looked, await presence.look_at_presence(met, presence.Shown(from_text("krokom.example")))

    looked, seen = asyncio.run(run())
    assert looked.failure is not None
    assert (seen.exists, seen.web, seen.mail) == (None, (), ())
