"""A zone's mail and web made from a case's short words: records, what each server says, talks with real certificates."""

from __future__ import annotations

import ipaddress
import itertools
import re
import struct
from dataclasses import replace
from datetime import timedelta

from samdrift.compliance.certificates import tlsa_data
from samdrift.compliance.presence import PresenceInHand, PresenceTerms
from samdrift.compliance.signatures import signed_octets
from samdrift.model.dns import types
from samdrift.model.dns.message import Record
from samdrift.model.dns.names import BadName, from_text, labels, to_text
from samdrift.model.dns.observation import Exchange, Host
from samdrift.model.dns.records import make_ds, read_rrsig
from samdrift.model.dns.view import Anchor
from samdrift.model.finding import Reason
from samdrift.model.presence.lookup import Lookup
from samdrift.model.presence.observation import PresenceObservation
from samdrift.model.presence.talks import WORD_BUCKETS, Hop, MailTalk, TlsTalk, WebTalk
from tests.cases.certificate_given import anchors, chain
from tests.cases.zone_given import AT, TTL, _Key, message

ZONE = "krokom.example"
KINDS = {"A": types.A, "AAAA": types.AAAA, "CNAME": types.CNAME, "MX": types.MX, "TXT": types.TXT, "TLSA": types.TLSA, "CAA": types.CAA}
SERVER = "192.0.2.53"


def presence_in_hand(given: dict) -> PresenceInHand:
    """The whole case; see the files in tests/cases/checks for the words."""
    terms = dict(given.get("terms", {}))
    for word in ("web", "selectors", "members"):
        if word in terms:
            terms[word] = tuple(terms[word])
    terms["endpoints"] = tuple((host, int(port)) for host, port in (one.split(":") for one in terms.get("endpoints", ())))
    return PresenceInHand(replace(trust(given, _Given(given).observation()), authorities=given.get("authorities", True)), PresenceTerms(**terms))


def data(kind: str, text: str, chains: dict[str, tuple[bytes, ...]]) -> bytes:
    """A record's octets from its text; `hex …` for any octets, TLSA `live HOST` for the record of a host's leaf."""
    if text.startswith("hex "):
        return bytes.fromhex(text[4:])
    if kind in {"A", "AAAA"}:
        return ipaddress.ip_address(text).packed
    if kind == "CNAME":
        return from_text(text)
    if kind == "MX":
        preference, host = text.split()
        return struct.pack(">H", int(preference)) + from_text(host)
    if kind == "TXT":
        octets = text.encode("latin-1")
        return b"".join(bytes([len(part)]) + part for part in (octets[at : at + 255] for at in range(0, len(octets) or 1, 255)))
    if kind == "CAA":
        flags, tag, value = text.split(" ", 2)
        return bytes([int(flags), len(tag)]) + tag.encode() + value.encode()
    if text.startswith("live "):
        return bytes([3, 1, 1]) + tlsa_data(chains[text[5:]][0])
    usage, selector, matching, digest = text.split()
    return bytes([int(usage), int(selector), int(matching)]) + bytes.fromhex(digest)


class _Given:
    def __init__(self, given: dict) -> None:
        self.given = given
        self.zone = from_text(given.get("zone", ZONE))
        self.dns = {from_text(name): held for name, held in given.get("dns", {}).items()}
        self.chains = {key.split()[0]: (b"junk",) if spec.get("certificate") == "junk" else chain(spec.get("certificate", {}), key.split()[0]) for part in ("web", "mail") for key, spec in given.get(part, {}).items()}

    # -- the DNS
    def names(self) -> set[bytes]:
        """Every name that a judge may ask for."""
        zone = to_text(self.zone).rstrip(".")
        terms = self.given.get("terms", {})
        bases = {zone, f"www.{zone}", *terms.get("web", ()), *(to_text(name) for name in self.dns)}
        texts = " ".join(str(text) for held in self.dns.values() for text in (*held.get("TXT", ()), *held.get("MX", ())))
        bases |= set(re.findall(r"[A-Za-z0-9_][A-Za-z0-9_.-]*\.[A-Za-z0-9.-]+", texts.replace(":", " ").replace("=", " ").replace("@", " ")))
        found = {f"_domainkey.{zone}", *(f"{one}._domainkey.{zone}" for one in terms.get("selectors", ()))}
        for base in (one.rstrip(".") for one in bases):
            parts = base.split(".")
            above = [".".join(parts[at:]) for at in range(len(parts))]
            found |= {base, f"_25._tcp.{base}", f"_443._tcp.{base}", f"{zone}._report._dmarc.{base}", *above, *(f"_dmarc.{one}" for one in above)}
        wires = set()
        for one in found:
            try:
                wires.add(from_text(one))
            except BadName:
                continue
        return wires | set(self.dns)

    def lookup(self, name: bytes, kind: str) -> Lookup:
        why = self.given.get("unknown", {}).get(f"{to_text(name).rstrip('.')}/{kind}")
        if why is not None:
            return Lookup(name, KINDS[kind], (), Reason(why))
        return Lookup(name, KINDS[kind], (self.exchange(SERVER, name, kind, self.answer(name, kind)),))

    def answer(self, name: bytes, kind: str) -> list[Record] | None:
        """The records, with those at the end of an alias; None for a name that is not there."""
        found, at = [], name
        while "CNAME" in self.dns.get(at, {}) and kind != "CNAME":
            found.append(self.record(at, "CNAME", self.dns[at]["CNAME"][0]))
            at = found[-1].data
        if at not in self.dns and not any(other.endswith(b"".join(bytes([len(one)]) + one for one in labels(at)) + b"\0") for other in self.dns):
            return found or None
        held = [self.record(at, kind, text) for text in self.dns.get(at, {}).get(kind, ())]
        if held and kind == "TLSA" and self.given.get("signed", True):
            held.append(Record(at, types.RRSIG, types.IN, TTL, struct.pack(">H", types.TLSA) + bytes(16) + b"\0" + bytes(64)))
        return found + held

    def record(self, owner: bytes, kind: str, text: str) -> Record:
        return Record(owner, KINDS[kind], types.IN, TTL, data(kind, text, self.chains))

    def exchange(self, address: str, name: bytes, kind: str, records: list[Record] | None) -> Exchange:
        flags = 0x8400 if records is not None else 0x8403
        return Exchange("child", address, "udp", name, KINDS[kind], AT, 900, message(name, KINDS[kind], flags=flags, answer=records or ()))

    def host(self, name: bytes) -> Host:
        found, unknown = [], {}
        for kind, family in (("A", "ipv4"), ("AAAA", "ipv6")):
            looked = self.lookup(name, kind)
            if looked.failure is not None:
                unknown[family] = looked.failure
            found += [str(ipaddress.ip_address(record.data)) for record in looked.records]
        return Host(name, tuple(found), unknown)

    def at_servers(self) -> list[Exchange]:
        found = []
        for address, held in self.given.get("servers", {}).items():
            for kind in ("MX", "TXT"):
                if held.get(kind) == "cut":
                    found.append(Exchange("child", address, "udp", self.zone, KINDS[kind], AT, 900, message(self.zone, KINDS[kind], flags=0x8600)))
                    continue
                records = [self.record(self.zone, kind, text) for text in held.get(kind, self.dns.get(self.zone, {}).get(kind, ()))]
                found.append(self.exchange(address, self.zone, kind, records))
        return found

    # -- talks
    def tls(self, spec: dict, host: str) -> TlsTalk | None:
        if spec.get("tls") == "none":
            return None
        if "tls" in spec:
            return TlsTalk(error=spec["tls"], failed=Reason(spec.get("failed", "malformed")))
        told, old = spec.get("certificate", {}), spec.get("old", False)
        version = old if isinstance(old, str) and old != "unknown" else None
        return TlsTalk(
            spec.get("version", "TLSv1.3"), self.chains[host], anchors(told if told != "junk" else {}), None, None,
            None if old == "unknown" else version is not None, version, "NO_CIPHERS_AVAILABLE" if old == "unknown" else None,
        )  # fmt: skip

    def web(self) -> list[WebTalk]:
        found = []
        for key, spec in self.given.get("web", {}).items():
            host, port, address = key.split()
            if "closed" in spec:
                found.append(WebTalk(host, int(port), address, AT, Reason(spec["closed"])))
                continue
            scheme = "https" if port == "443" else "http"
            fields = "".join(f"{name}: {value}\r\n" for name, value in spec.get("head", {}).items())
            status = spec.get("status", 301 if port == "80" else 200)
            if port == "80" and "head" not in spec and status == 301:
                fields = f"Location: https://{host}/\r\n"
            if port == "443" and "head" not in spec:
                fields = "Strict-Transport-Security: max-age=63072000; includeSubDomains\r\n"
            head = f"HTTP/1.1 {status} x\r\n{fields}\r\n".encode() if status else b""
            counts = [spec.get("words", 10)] * WORD_BUCKETS
            hop = Hop(f"{scheme}://{host}/", address, status or None, spec.get("head", {}).get("Location", f"https://{host}/") if status in {301, 302} else None, head, "00" * 32, 100, tuple(counts), False, None if status else Reason("stalled"))
            text = spec.get("security_txt")
            tls = self.tls(spec, host) if port != "80" else None
            more = [replace(hop, status=spec["then"], leads_to=None)] if "then" in spec else []
            found.append(WebTalk(host, int(port), address, AT, None, 900, tls, () if tls and not tls.version else (hop, *more), security_txt=None if text is None else (spec.get("text_status", 200), text.encode())))
        return found

    def mail(self) -> list[MailTalk]:
        found = []
        for key, spec in self.given.get("mail", {}).items():
            host, address = key.split()
            if "closed" in spec:
                found.append(MailTalk(host, address, AT, Reason(spec["closed"])))
                continue
            offered = spec.get("starttls", True)
            failed = Reason(spec["failed"]) if "failed" in spec and offered is None else None
            found.append(MailTalk(host, address, AT, None, 900, 900, "S: 220 hello", offered, self.tls(spec, host) if offered else None, failed))
        return found

    def observation(self) -> PresenceObservation:
        exchanged = [self.lookup(name, kind) for name, kind in itertools.product(sorted(self.names()), KINDS)]
        hosts = {from_text(key.split()[0]) for part in ("web", "mail") for key in self.given.get(part, {})} | set(self.dns) | {self.zone} | ({from_text(f"www.{to_text(self.zone)}")} if self.zone != b"\0" else set())
        hosts |= {from_text(one) for one in self.given.get("terms", {}).get("web", ())}
        hosts |= {from_text(text.split()[1]) for text in self.dns.get(self.zone, {}).get("MX", ()) if not text.startswith("hex")}
        vantage = self.given.get("vantage", ["ipv4", "ipv6", "smtp"])
        later = AT + timedelta(seconds=9)
        stopped, unknown = self.given.get("stopped"), self.given.get("nobody")
        return PresenceObservation(
            self.zone, "public", AT, later, self.given.get("exists", None if stopped or unknown else True), Reason(unknown) if unknown else None,
            tuple(exchanged), tuple(self.at_servers()), tuple(self.host(name) for name in sorted(hosts)), tuple(self.web()), tuple(self.mail()),
            {family: later for family in vantage if family != "smtp"}, later if "smtp" in vantage else None, Reason(stopped) if stopped else None,
        )  # fmt: skip


def trust(given: dict, seen: PresenceObservation) -> PresenceObservation:
    """The chain above the zone, where the case has a `chain`: anchored at example (or `top`), whose key signs the DS of krokom.example or that there
    is none (`insecure`); all of the zone's A and AAAA are signed by its key, or not so (`bogus`)."""
    kind = given.get("chain")
    if kind is None:
        return seen
    upper, lower = _Key(1), _Key(2)
    parent, zone = from_text(given.get("top", "example")), from_text(ZONE)
    ds = make_ds(zone, lower.key)
    ds_record = Record(zone, types.DS, types.IN, TTL, struct.pack(">HBB", ds.key_tag, ds.algorithm, ds.digest_type) + ds.digest)
    nsec = Record(zone, types.NSEC, types.IN, TTL, from_text("z.example") + bytes([0, 6, 0b0010_0000, 0, 0, 0, 0, 0b0000_0011]))
    keys = {parent: upper, zone: lower}

    def other(name: bytes, rtype: int, records: list[Record], key, signer: bytes, authority: bool = False) -> Exchange:
        told = [*records, sign(records, key, signer)] if records else []
        reply = message(name, rtype, flags=0x8400, answer=() if authority else told, authority=told if authority else ())
        return Exchange("other", SERVER, "udp", name, rtype, AT, 900, reply)

    chain_above = [other(name, types.DNSKEY, [Record(name, types.DNSKEY, types.IN, TTL, key.data)], key, name) for name, key in keys.items() if kind != "insecure" or name == parent]
    chain_above.append(other(zone, types.DS, [nsec] if kind == "insecure" else [ds_record], upper, parent, authority=kind == "insecure"))
    if kind == "insecure":
        chain_above.append(other(zone, types.DNSKEY, [], lower, zone))
    lookups = []
    for one in seen.lookups:
        if one.records and one.type in {types.A, types.AAAA, types.TLSA} and one.failure is None:
            records = [record for record in one.records if record.type == one.type]
            made = sign(records, lower, zone, broken=kind == "bogus")
            reply = message(one.name, one.type, flags=0x8400, answer=[*records, *([made] if kind != "insecure" else [])])
            lookups.append(replace(one, exchanges=(replace(one.exchanges[-1], reply=reply),)))
        else:
            lookups.append(one)
    anchor = Anchor(parent, types.DNSKEY, upper.data)
    return replace(seen, chain=tuple(chain_above), lookups=tuple(lookups), anchors=None if given.get("anchors") == "none" else (anchor,))


def sign(records: list[Record], key: _Key, signer: bytes, *, broken: bool = False) -> Record:
    """A signature over an RRset, in force at the case's instant."""
    begins, ends = int((AT - timedelta(days=1)).timestamp()), int((AT + timedelta(days=9)).timestamp())
    head = struct.pack(">HBBIIIH", records[0].type, 15, len(labels(records[0].owner)), TTL, ends, begins, key.key.key_tag) + signer
    made = key.private.sign(signed_octets(tuple(records), read_rrsig(head)))
    return Record(records[0].owner, types.RRSIG, types.IN, TTL, head + (bytes([made[0] ^ 1]) + made[1:] if broken else made))
