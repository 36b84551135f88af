"""Lessons of DNSSEC."""

from __future__ import annotations

from collections.abc import Mapping

from samdrift.compliance.lessons.lesson import Lesson

DNSSEC: Mapping[str, Lesson] = {
    "dnssec-signed": Lesson(
        "Without signatures anybody on the way can change an answer. A zone that is signed on some servers alone, or has a DS but no signatures, is gone for all who validate.",
        "DNSKEY is asked of each server, DS of each server of the parent; all must agree.",
        "policy: default   (Knot: zone.dnssec-signing: on)  ·  dnssec-policy default;   (BIND)",
    ),
    "dnssec-chain": Lesson(
        "A broken chain is worse than none: resolvers that validate answer SERVFAIL, so for most Swedes the zone is down although every server answers.",
        "From the trust anchor down, at each step DS, DNSKEY and signatures are verified; at the zone on every server. The first broken link is named.",
        "knotc zone-sign krokom.example   (or have the parent publish the DS of the live key)",
    ),
    "dnssec-ds-digest": Lesson(
        "SHA-1 and GOST R 34.11-94 must not be used any more (RFC 9905); validators that drop them see no usable DS, and the zone becomes insecure or unreachable.",
        "The digest type of each DS at the parent is looked up in IANA's table, and its length compared with the type.",
        "krokom.example. IN DS 34217 13 2 05DD5165…   (SHA-256 in place of SHA-1)",
    ),
    "dnssec-ds-matches": Lesson(
        "The DS is the only thing that ties the zone to its parent. When it fits no key that signs, everybody who validates loses the zone at once.",
        "Each DS is compared with the zone's keys: tag, algorithm, digest, the ZONE flag, and whether that key signs DNSKEY, on every server.",
        "krokom.example. IN DS 34217 13 2 05DD5165…   (made from the live key, given in the finding)",
    ),
    "dnssec-algorithm": Lesson(
        "Validators stop accepting old algorithms (RFC 9904); a zone signed by them alone turns insecure, or unreachable, without any change of its own.",
        "The algorithm of each DNSKEY is looked up in IANA's table as it stood on the day of the rules.",
        "rollover: {kind: algorithm, from: 8, to: 13}   (zones.yml), then the signer's algorithm roll-over",
    ),
    "dnssec-key-size": Lesson(
        "RSA keys under 1024 bits can be broken, under 2048 are discouraged; above 4096 bits many validators give up.",
        "The modulus of each RSA DNSKEY is counted in bits.",
        "algorithm: ecdsap256sha256   (Knot policy; a small and strong key)",
    ),
    "dnssec-rrsig-valid": Lesson(
        "An answer whose signature is missing, ended or wrong is thrown away by validating resolvers.",
        "Every RRset that the chosen checks asked for is verified against the zone's keys at this instant, on every server.",
        "knotc zone-sign krokom.example  ·  rndc sign krokom.example",
    ),
    "dnssec-rrsig-lifetime": Lesson(
        "Signatures end by the clock: a signer that stopped on Friday takes the zone down in the middle of a later night. Two days are time to wake somebody, five to do it by day.",
        "The time left and the span of each signature is counted, and compared with the SOA's expire, which a cut-off secondary may live for.",
        "rrsig-refresh: 7d   (Knot; by default it signs again only shortly before the end)",
    ),
    "dnssec-denial": Lesson(
        "The proof that a name does not exist is signed too. When it is wrong, a mistyped name gives SERVFAIL, and wildcards and missing AAAA break real services.",
        "A type that is not used at the apex and a random name are asked of each server; NSEC or NSEC3 must prove the denial and verify.",
        "knotc zone-sign krokom.example   (builds the whole NSEC chain anew)",
    ),
    "dnssec-nsec3": Lesson(
        "Extra iterations and salt cost every validator work and protect nothing (RFC 9276); above a limit validators treat the zone as insecure or broken.",
        "NSEC3PARAM and the NSEC3 records of answers are read on each server and compared.",
        "nsec3-iterations: 0, nsec3-salt-length: 0   (Knot policy)",
    ),
    "dnssec-all-algorithms": Lesson(
        "Each algorithm among the keys must sign everything (RFC 4035 2.2); strict validators refuse a zone half signed in the middle of a roll-over.",
        "DNSKEY, SOA and NS are looked at on each server: is there an RRSIG of each key's algorithm?",
        "rollover: {kind: algorithm, from: 8, to: 13, started: …, until: …}   (declares the roll-over, if one is under way)",
    ),
    "dnssec-cds-same": Lesson(
        "The registry reads CDS from several places; when servers differ, or CDS and CDNSKEY name different keys, it refuses, or takes the wrong one.",
        "CDS and CDNSKEY of each server are compared, and the key that signed them with the DS at the parent.",
        "knotc zone-retransfer krokom.example   (at the secondary that differs)",
    ),
    "dnssec-cds-valid": Lesson(
        "A CDS is an order to the registry. One that names a key that is not there orders an outage.",
        "Each CDS and CDNSKEY is matched with the zone's keys, its signature verified, the delete form recognised.",
        "cds-cdnskey-publish: rollover   (Knot policy)",
    ),
    "dnssec-cds-se": Lesson(
        ".se takes a CDS only when it has been the same for a time, from everywhere, and would not break validation; what it refuses it refuses in silence.",
        "The rules that can be seen from here are tried; those that cannot (status of the domain, Registry Lock, three places) are named as such.",
        "Leave the CDS unchanged until all servers show it, then wait for the registry.",
    ),
    "dnssec-rollover": Lesson(
        "A roll-over is right in time or not at all: a key removed before its signatures have left all caches takes the zone down for some resolvers.",
        "First and last sight of each key, DS and signature in the history are compared with TTLs and propagation (RFC 7583).",
        'rollover: {kind: ksk, from: 34217, to: 51234, started: "2026-11-20", until: "2026-12-20"}   (zones.yml)',
    ),
}
