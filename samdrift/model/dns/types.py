"""Numbers of the DNS: record types, response codes, algorithms, digests (IANA DNS Parameters, seen 2026-11)."""

from __future__ import annotations

A, NS, CNAME, SOA, PTR, MX, TXT, AAAA, DNAME, OPT, DS, RRSIG, NSEC, DNSKEY, NSEC3 = 1, 2, 5, 6, 12, 15, 16, 28, 39, 41, 43, 46, 47, 48, 50
NSEC3PARAM, TLSA, CDS, CDNSKEY, AXFR, CAA = 51, 52, 59, 60, 252, 257
UNUSED = 65_280
"""The first type of private use (RFC 6895 3.1): asked for at the apex to see how its absence is proven."""
IN, CH = 1, 3

TYPE_NAMES = {
    A: "A", NS: "NS", CNAME: "CNAME", SOA: "SOA", PTR: "PTR", MX: "MX", TXT: "TXT", AAAA: "AAAA", DNAME: "DNAME", OPT: "OPT", DS: "DS",
    RRSIG: "RRSIG", NSEC: "NSEC", DNSKEY: "DNSKEY", NSEC3: "NSEC3", NSEC3PARAM: "NSEC3PARAM", TLSA: "TLSA", CDS: "CDS", CDNSKEY: "CDNSKEY",
    AXFR: "AXFR", CAA: "CAA",
}  # fmt: skip

NOERROR, FORMERR, SERVFAIL, NXDOMAIN, NOTIMP, REFUSED, NOTAUTH, BADVERS = 0, 1, 2, 3, 4, 5, 9, 16
RCODE_NAMES = {0: "NOERROR", 1: "FORMERR", 2: "SERVFAIL", 3: "NXDOMAIN", 4: "NOTIMP", 5: "REFUSED", 9: "NOTAUTH", 16: "BADVERS"}

DIGEST_OCTETS = {1: 20, 2: 32, 3: 32, 4: 48, 5: 32, 6: 32}
"""DS digest type → octets of its digest (SHA-1, SHA-256, GOST 94, SHA-384, GOST 2012, SM3)."""
DIGEST_NAMES = {1: "SHA-1", 2: "SHA-256", 3: "GOST R 34.11-94", 4: "SHA-384", 5: "GOST R 34.11-2012", 6: "SM3"}
ALGORITHM_NAMES = {
    1: "RSAMD5", 3: "DSA", 5: "RSASHA1", 6: "DSA-NSEC3-SHA1", 7: "RSASHA1-NSEC3-SHA1", 8: "RSASHA256", 10: "RSASHA512", 12: "ECC-GOST",
    13: "ECDSAP256SHA256", 14: "ECDSAP384SHA384", 15: "ED25519", 16: "ED448", 17: "SM2SM3", 23: "ECC-GOST12",
}  # fmt: skip


def type_name(number: int) -> str:
    """The mnemonic, or `TYPEnnn` (RFC 3597)."""
    return TYPE_NAMES.get(number, f"TYPE{number}")


def rcode_name(number: int) -> str:
    """The mnemonic, or `RCODEnnn`."""
    return RCODE_NAMES.get(number, f"RCODE{number}")
