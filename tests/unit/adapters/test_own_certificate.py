"""A certificate is tried as a client would take it, before it is carried anywhere."""

import pytest

from samdrift.adapters.own_certificate import refusal
from tests.lab.labkit.authority import Authority

HOST = "backup.hall.example"


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    made = Authority(tmp_path_factory.mktemp("tls"))
    made.issue("good", [HOST, "10.20.1.28", "2001:db8:20:1::28"])
    made.issue("old", [HOST], days=-1)
    made.self_signed(HOST)
    return made


def tried(authority, name, host=HOST, *, key=None, ca=None):
    folder = authority.folder
    return refusal(folder / f"{name}.pem", folder / f"{key or name}.key", authority.certificate.read_text() if ca is None else ca, host)


@pytest.mark.parametrize("host", [HOST, "10.20.1.28", "2001:db8:20:1::28"])
def test_one_that_clients_take_is_not_refused(authority, host):
    assert tried(authority, "good", host) is None


@pytest.mark.parametrize(
    ("name", "host", "more", "word"),
    [
        ("old", HOST, {}, "expired"),
        ("good", "backup.are.example", {}, "Hostname mismatch"),
        ("good", "10.20.1.29", {}, "IP address mismatch"),
        (HOST, HOST, {}, "self-signed"),
        ("good", HOST, {"key": "old"}, "no pair"),
        ("good", HOST, {"ca": "no certificate"}, "authority"),
        ("good", HOST, {"ca": "x" * 2**23}, "far too long"),
        ("no-such", HOST, {}, "no pair"),
    ],
)
def test_one_that_a_client_would_refuse_is_named_with_the_reason(authority, name, host, more, word):
    assert word.casefold() in (tried(authority, name, host, **more) or "").casefold()
