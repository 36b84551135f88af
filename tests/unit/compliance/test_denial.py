"""What NSEC and NSEC3 records prove: RFC 5155's own example zone, whose hashes stand in its appendix."""

import base64

import pytest

from samdrift.compliance.denial import Denial, Verdict, no_closer_name, no_ds, no_name, no_type
from samdrift.model.dns import types
from samdrift.model.dns.denial import Nsec, Nsec3, hash_name, read_types, types_at_apex
from samdrift.model.dns.message import Malformed, Message, Record
from samdrift.model.dns.names import from_text

ZONE = from_text("example")
SALT = bytes.fromhex("aabbccdd")
HASHES = {  # RFC 5155 appendix A
    "example": "0p9mhaveqvm6t7vbl5lop2u3t2rp3tom", "a.example": "35mthgpgcu1qg68fab165klnsnk3dpvl", "ai.example": "gjeqe526plbf1g8mklp59enfd789njgi",
    "ns1.example": "2t7b4g4vsa5smi47k61mv5bv1a22bojr", "ns2.example": "q04jkcevqvmu85r014c7dkba38o0ji5r", "w.example": "k8udemvp1j2f7eg6jebps17vp3n8i58h",
    "*.w.example": "r53bq7cc2uvmubfu5ocmm6pers9tk9en", "x.w.example": "b4um86eghhds6nea196smvmlo4ors995", "y.w.example": "ji6neoaepv8b5o6k4ev33abha8ht9fgc",
    "x.y.w.example": "2vptu5timamqttgl4luu9kg21e0aor3s", "xx.example": "t644ebqk9bibcna874givr6joj62mlhv",
}  # fmt: skip
CHAIN = sorted(base64.b32hexdecode(one.upper()) for one in HASHES.values())
TYPES = {
    "example": {types.NS, types.SOA, types.MX, types.DNSKEY, 51, types.RRSIG},
    "a.example": {types.NS, types.DS, types.RRSIG}, "ns1.example": {types.A, types.RRSIG}, "*.w.example": {types.MX, types.RRSIG}, "x.w.example": {types.MX},
}  # fmt: skip


def nsec3(name: str, flags: int = 1, **change) -> Nsec3:
    """The example zone's record at a name; all bear opt-out there."""
    owner = base64.b32hexdecode(HASHES[name].upper())
    after = CHAIN[(CHAIN.index(owner) + 1) % len(CHAIN)]
    return Nsec3(**{"owner": owner, "algorithm": 1, "flags": flags, "iterations": 12, "salt": SALT, "next": after, "types": frozenset(TYPES.get(name, ())), **change})


def deny(*names: str, **change) -> Denial:
    return Denial(ZONE, nsec3=tuple(nsec3(name, **change) for name in names))


@pytest.mark.parametrize("name", HASHES)
def test_hashes_are_those_of_the_appendix(name):
    assert base64.b32hexencode(hash_name(from_text(name), 12, SALT)).decode().lower() == HASHES[name]


def test_a_name_error_needs_encloser_next_closer_and_wildcard():
    """RFC 5155 B.1: a.c.x.w.example."""
    name = from_text("a.c.x.w.example")
    assert no_name(deny("example", "x.w.example", "a.example"), name) is Verdict.PROVEN
    assert no_name(deny("x.w.example", "a.example"), name) is Verdict.NO_PROOF
    assert no_name(deny("example", "a.example"), name) is not Verdict.PROVEN
    assert no_name(deny(), name) is Verdict.NO_PROOF


def test_a_type_that_is_not_there_needs_the_record_at_the_name():
    """RFC 5155 B.2."""
    name = from_text("ns1.example")
    assert no_type(deny("ns1.example"), name, types.MX) is Verdict.PROVEN
    assert no_type(deny("ns1.example"), name, types.A) is Verdict.WRONG_TYPES
    assert no_type(deny("ns2.example"), name, types.MX) is Verdict.WRONG_OWNER


def test_a_delegation_without_ds_below_opt_out():
    """RFC 5155 B.3: c.example."""
    assert no_ds(deny("a.example", "example"), from_text("c.example")) is Verdict.OPT_OUT
    assert no_ds(deny("a.example", "example", flags=0), from_text("c.example")) is not Verdict.OPT_OUT
    assert no_ds(deny("a.example"), from_text("a.example")) is Verdict.WRONG_TYPES


def test_an_answer_from_a_wildcard():
    """RFC 5155 B.4: a.z.w.example."""
    assert no_closer_name(deny("ns2.example"), from_text("a.z.w.example"), 2) is Verdict.PROVEN
    assert no_closer_name(deny("ns1.example"), from_text("a.z.w.example"), 2) is Verdict.WRONG_OWNER


def test_a_wildcard_without_the_type():
    """RFC 5155 B.5: a.z.w.example AAAA."""
    assert no_type(deny("w.example", "ns2.example", "*.w.example"), from_text("a.z.w.example"), types.AAAA) is Verdict.PROVEN
    assert no_type(deny("w.example", "ns2.example", "*.w.example"), from_text("a.z.w.example"), types.MX) is Verdict.WRONG_TYPES


def test_what_cannot_or_must_not_be_computed_is_said():
    assert no_type(deny("ns1.example", iterations=151), from_text("ns1.example"), types.MX) is Verdict.TOO_COSTLY
    assert no_type(deny("ns1.example", algorithm=2), from_text("ns1.example"), types.MX) is Verdict.UNSUPPORTED
    with pytest.raises(ValueError, match="151"):
        hash_name(ZONE, 151, b"")


def plain(owner: str, after: str, *kinds: int) -> Nsec:
    return Nsec(from_text(owner), from_text(after), frozenset(kinds))


def test_nsec_in_canonical_order_and_the_last_one_round_the_end():
    whole = Denial(ZONE, (plain("example", "a.example", types.SOA, types.NS), plain("w.example", "example", types.A)))
    assert no_name(whole, from_text("x.example")) is Verdict.PROVEN
    assert no_name(Denial(ZONE, (whole.nsec[1],)), from_text("x.example")) is Verdict.NO_PROOF  # the wildcard is not denied
    assert no_name(Denial(ZONE, (plain("a.example", "b.example"),)), from_text("x.example")) is Verdict.WRONG_OWNER
    assert no_type(whole, ZONE, types.MX) is Verdict.PROVEN
    assert no_type(whole, ZONE, types.NS) is Verdict.WRONG_TYPES
    assert no_ds(Denial(ZONE, (plain("a.example", "b.example", types.NS),)), from_text("a.example")) is Verdict.PROVEN
    assert no_ds(Denial(ZONE, (plain("a.example", "b.example", types.NS, types.DS),)), from_text("a.example")) is Verdict.WRONG_TYPES


@pytest.mark.parametrize("octets", ["00", "0000", "0021" + "00" * 33, "000840"])
def test_a_bitmap_that_is_none_is_refused(octets):
    with pytest.raises(Malformed):
        read_types(bytes.fromhex(octets))


def reply(*records: Record, flags: int = 0x8400, rcode: int = 0) -> Message:
    """A server's answer that there is no such type, with its proofs."""
    return Message(flags, rcode, (ZONE, types.UNUSED, types.IN), (), records, (), None)


def nsec_record(owner: str, bitmap: str) -> Record:
    return Record(from_text(owner), types.NSEC, types.IN, 300, from_text("a.example") + bytes.fromhex(bitmap))


APEX = "0007220000000003" + "80"  # NS SOA RRSIG NSEC DNSKEY


def test_the_types_at_the_apex_are_read_from_the_one_record_that_stands_there():
    assert types_at_apex(ZONE, reply(nsec_record("example", APEX), nsec_record("x.example", "000140"))) == {types.NS, types.SOA, types.RRSIG, types.NSEC, types.DNSKEY}
    hashed = Record(from_text(f"{HASHES['example']}.example"), types.NSEC3, types.IN, 300, bytes.fromhex("0101000c04aabbccdd14") + bytes(20) + bytes.fromhex("0006220000000002"))
    assert types_at_apex(ZONE, reply(hashed)) == {types.NS, types.SOA, types.RRSIG}


@pytest.mark.parametrize(
    "message",
    [
        reply(), reply(nsec_record("x.example", APEX)), reply(nsec_record("example", "000140")), reply(nsec_record("example", "0021")),
        reply(nsec_record("example", APEX), flags=0x8000), reply(nsec_record("example", APEX), rcode=3), reply(nsec_record("example", APEX), nsec_record("example", APEX + "0101ff")),
        reply(Record(from_text(f"{HASHES['example']}.example"), types.NSEC3, types.IN, 300, bytes.fromhex("0101ffff04aabbccdd14") + bytes(20) + bytes.fromhex("0006220000000002"))),
    ],
    ids=["nothing", "elsewhere", "no apex", "broken", "no authority", "no such name", "two", "too costly"],
)  # fmt: skip
def test_what_shows_no_types_at_the_apex_leaves_all_to_be_asked(message):
    assert types_at_apex(ZONE, message) is None
