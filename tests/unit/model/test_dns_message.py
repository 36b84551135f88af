"""Messages and names are read within bounds: what is broken is Malformed, never another error, and what is whole reads back."""

from __future__ import annotations

import base64
import contextlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from samdrift.model.dns import types
from samdrift.model.dns.message import Malformed, answers_question, make_query, read_message
from samdrift.model.dns.names import BadName, from_text, is_within, parent, to_text
from samdrift.model.dns.records import Ds, make_ds, read_dnskey, read_ds, read_rrsig

KROKOM = from_text("krokom.se")


def reply(answer: bytes, count: int = 1) -> bytes:
    return struct.pack(">6H", 0, 0x8400, 1, count, 0, 0) + KROKOM + struct.pack(">HH", types.DS, 1) + answer


def record(rtype: int, data: bytes) -> bytes:
    return b"\xc0\x0c" + struct.pack(">HHIH", rtype, 1, 60, len(data)) + data


@given(st.binary(max_size=600))
def test_any_octets_are_a_message_or_malformed(octets):
    with contextlib.suppress(Malformed):
        read_message(octets)


@given(st.binary(max_size=120), st.integers(0, 400))
def test_any_damage_to_a_reply_is_survived(noise, at):
    whole = bytearray(reply(record(types.DS, b"\x00\x01\x08\x02" + b"\xaa" * 32) + record(types.SOA, KROKOM * 2 + b"\0" * 20), 2))
    whole[at : at + len(noise)] = noise
    with contextlib.suppress(Malformed):
        read_message(bytes(whole))


@given(st.lists(st.binary(min_size=1, max_size=63), min_size=0, max_size=3))
def test_a_name_reads_back_from_its_text(parts):
    name = b"".join(bytes([len(part)]) + part.lower() for part in parts) + b"\0"
    assert from_text(to_text(name)) == name


@pytest.mark.parametrize("text", ["", "a..b", "." + "a" * 3, "x" * 64, "a b", "a\\", ".".join(["abcdefgh"] * 30)])
def test_what_is_no_name_is_refused(text):
    with pytest.raises(BadName):
        from_text(text)


def test_names_know_their_place():
    assert from_text("Krokom.SE.") == KROKOM
    assert is_within(from_text("www.krokom.se"), KROKOM)
    assert not is_within(from_text("ekrokom.se"), KROKOM)
    assert parent(KROKOM) == from_text("se")
    assert from_text("bräcke.se") == from_text("xn--brcke-hra.se")


@pytest.mark.parametrize("pointer", [b"\xc0\x15", b"\xc0\xff", b"\xff\xff", b"\x40", b"\xc0"])
def test_pointers_that_lead_nowhere_are_malformed(pointer):
    with pytest.raises(Malformed):
        read_message(reply(pointer))


def test_a_broken_ds_stays_a_record_beside_the_good_ones():
    message = read_message(reply(record(types.DS, b"\x10\x00\x0d\x00\x00") + record(types.DS, b"\x10\x00\x0d\x02" + b"\xaa" * 32), 2))
    odd, good = (read_ds(one.data) for one in message.rrset(KROKOM, types.DS))
    assert (odd.digest_type, odd.well_formed, good.well_formed) == (0, False, True)


def test_a_query_is_answered_by_its_own_question_alone():
    query = make_query(KROKOM, types.SOA, 7)
    answer = bytearray(query)
    answer[2] |= 0x80
    assert answers_question(bytes(answer), KROKOM, types.SOA)
    assert not answers_question(bytes(answer), KROKOM, types.NS)
    assert not answers_question(bytes(answer), from_text("are.se"), types.SOA)
    assert not answers_question(query, KROKOM, types.SOA)


def test_the_ds_of_a_key_is_that_of_rfc_4509():
    # RFC 4509 2.3
    key = bytes.fromhex("01000305") + base64.b64decode(
        "AQOeiiR0GOMYkDshWoSKz9XzfwJr1AYtsmx3TGkJaNXVbfi/2pHm822aJ5iI9BMzNXxeYCmZDRD99WYwYqUSdjMmmAphXdvxegXd/M5+X7OrzKBaMbCVdFLUUh6DhweJBjEVv5f2wwjM9XzcnOf+EPbtG9DMBmADjFDc2w/rljwvFw=="
    )
    made = make_ds(from_text("dskey.example.com"), read_dnskey(key))
    assert made == Ds(60485, 5, 2, bytes.fromhex("D4B7D520E7BB5F0F67674A0CCEB1E3E0614B93C4F9E99B8383F6A1E4469DA50A"))


def test_time_left_is_serial_arithmetic():
    head = struct.pack(">HBBIIIH", types.SOA, 15, 2, 3600, 100, 2**32 - 100, 1) + KROKOM
    signature = read_rrsig(head + b"x" * 64)
    assert (signature.left_seconds(0), signature.age_seconds(0), signature.span_seconds) == (100, 100, 200)
