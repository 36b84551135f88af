"""More of a case's short words: SOA by server, odd replies, TCP, addresses below the zone, probes, transfers, PTR, the view and earlier runs."""

from __future__ import annotations

import ipaddress
import struct
from dataclasses import replace
from datetime import datetime, timedelta

from samdrift.compliance.zone import ZoneInHand
from samdrift.model.dns import types
from samdrift.model.dns.message import UNKNOWN_FLAG, UNKNOWN_OPTION, Record
from samdrift.model.dns.names import ROOT, from_text, is_within, reverse_name
from samdrift.model.dns.observation import Exchange, Host
from samdrift.model.dns.past import Sight, ZonePast
from samdrift.model.dns.view import Origins, ViewFacts
from samdrift.model.finding import Reason

TTL = 3600
SOA = {"mname": "ns1.krokom.example", "rname": "hostmaster.krokom.example", "serial": 2026112401, "refresh": 14400, "retry": 3600, "expire": 604_800, "minimum": 3600}


def soa_data(given: dict, address: str) -> list[bytes]:
    """`soa` for all, `soa_at` for one server; `behind` subtracts from the serial; `several` gives two."""
    told = SOA | {"expire": given.get("expire", 604_800)} | given.get("soa", {}) | given.get("soa_at", {}).get(address, {})
    times = [told["serial"] - given.get("behind", {}).get(address, 0), *(told[key] for key in ("refresh", "retry", "expire", "minimum"))]
    data = from_text(told["mname"]) + from_text(told["rname"]) + struct.pack(">5I", *times)
    return [data, data[:-1] + b"\1"] if address in given.get("several", []) else [data]


def message(name: bytes, rtype: int, *, flags: int, answer=(), authority=(), additional=(), cls: int = types.IN) -> bytes:
    head = struct.pack(">6H", 0, flags, 1, len(answer), len(authority), len(additional))
    records = b"".join(one.owner + struct.pack(">HHIH", one.type, one.cls, one.ttl, len(one.data)) + one.data for one in (*answer, *authority, *additional))
    return head + name + struct.pack(">HH", rtype, cls) + records


def odd_reply(zone: bytes, number: int, kind: str, said: str, rrset) -> bytes | None:
    """`not-authoritative`, `referral` (to others), `wrong-owner`, `cut` (TC)."""
    if said == "not-authoritative":
        return message(zone, number, flags=0x8000, answer=rrset(kind, ""))
    if said == "referral":
        return message(zone, number, flags=0x8000, authority=[Record(ROOT, types.NS, types.IN, TTL, from_text("a.root.example"))])
    if said == "wrong-owner":
        return message(zone, number, flags=0x8400, answer=[Record(from_text("other.example"), number, types.IN, TTL, one.data) for one in rrset(kind, "")])
    return message(zone, number, flags=0x8600) if said == "cut" else None


def complete(given: dict, hand: ZoneInHand) -> ZoneInHand:
    """The hand with all that these words say."""
    seen = hand.seen
    more = _More(given, seen.zone, seen.started_at)
    exchanges = [*_with_glue(given, seen.exchanges), *more.over_tcp(hand), *more.names(hand), *more.probes(hand), *more.transfers(hand), *more.reverse(), *more.mail(hand)]
    facts = ViewFacts(**{key: tuple(value) if isinstance(value, list) else value for key, value in given["facts"].items()}) if "facts" in given else seen.facts
    if "origins" in given:
        facts = replace(facts, origins=Origins(given["origins"]["dated"], tuple(sorted((one, tuple(held)) for one, held in given["origins"].get("of", {}).items()))))
    by_hand = tuple(Host(from_text(name), tuple(held)) for name, held in given.get("by_hand", {}).items())
    changed = replace(
        seen, exchanges=tuple(exchanges), facts=facts, sources=given.get("sources", {}), given=by_hand, parent_asked=seen.parent_asked and not by_hand, hosts=(*seen.hosts, *(one for one in by_hand if one.name not in {host.name for host in seen.hosts}))
    )  # fmt: skip
    past = ZonePast(tuple(Sight("serial", str(serial), None, _ago(seen.started_at, ago), _ago(seen.started_at, ago)) for serial, ago in given.get("serials", {}).items()))
    if "last_run" in given:
        past = replace(past, runs=3, last_at=_ago(seen.started_at, given["last_run"]))
    return ZoneInHand(changed, hand.terms, past if past.sights or past.runs else hand.past)


def _ago(at: datetime, text: str) -> datetime:
    from tests.cases.zone_given import span

    return at - span(text)


def _with_glue(given: dict, exchanges: tuple[Exchange, ...]) -> list[Exchange]:
    """`glue` replaces what the parent adds to its referral: names, also outside the zone, to addresses; `parent_serves` makes it answer itself."""
    if "glue" not in given and "parent_serves" not in given:
        return list(exchanges)
    found = []
    for each in exchanges:
        if each.side == "parent" and each.type == types.NS and each.message is not None:
            authority = each.message.authority
            extra = [_address_record(from_text(name), one) for name, held in given.get("glue", {}).items() for one in held]
            answered = message(each.name, types.NS, flags=0x8400, answer=authority)
            referred = message(each.name, types.NS, flags=0x8000, authority=authority, additional=extra)
            found.append(replace(each, reply=answered if given.get("parent_serves") else referred))
        else:
            found.append(each)
    return found


def _address_record(name: bytes, one: str) -> Record:
    return Record(name, types.AAAA if ":" in one else types.A, types.IN, TTL, ipaddress.ip_address(one).packed)


class _More:
    def __init__(self, given: dict, zone: bytes, at: datetime) -> None:
        self.given, self.zone, self.at = given, zone, at

    def exchange(self, address: str, name: bytes, rtype: int, reply: bytes | None, *, side="child", transport="udp", error=None, variant="edns") -> Exchange:
        return Exchange(side, address, transport, name, rtype, self.at, 900 if reply else None, reply, Reason(error) if error else None, variant)

    def over_tcp(self, hand: ZoneInHand) -> list[Exchange]:
        """NS over TCP as `tcp` of `child_says` has it, where SOA is answered there."""
        from tests.cases.zone_given import _Given

        made = _Given(self.given)
        found = []
        for address in hand.child_addresses:
            told = self.given.get("child_says", {}).get(address, {})
            found.append(made.said(address, types.NS, "NS", told.get("tcp NS", told.get("tcp", "answer")) if isinstance(told, dict) else told, "tcp"))
        return found

    def names(self, hand: ZoneInHand) -> list[Exchange]:
        """Addresses of servers named in the zone: `own` for all servers (as delegated if it says nothing), `own_at` for one; `aliases` anywhere."""
        if not self.given.keys() & {"own", "own_at", "aliases"}:
            return []
        told = {name: held for side in ("child", "parent") for name, held in self.given.get(f"{side}_ns", self.given.get("ns", {})).items()} | self.given.get("own", {})
        found = []
        for address in hand.speaking:
            for name, held in (told | self.given.get("own_at", {}).get(address, {})).items():
                if is_within(from_text(name), self.zone) and name not in self.given.get("aliases", {}):
                    for rtype in (types.A, types.AAAA):
                        records = [_address_record(from_text(name), one) for one in held if (":" in one) == (rtype == types.AAAA)]
                        found.append(self.exchange(address, from_text(name), rtype, message(from_text(name), rtype, flags=0x8400, answer=records)))
        for name, target in self.given.get("aliases", {}).items():
            alias = Record(from_text(name), types.CNAME, types.IN, TTL, from_text(target))
            side, address = ("child", hand.speaking[0]) if is_within(from_text(name), self.zone) else ("other", "198.51.100.9")
            found.append(self.exchange(address, from_text(name), types.A, message(from_text(name), types.A, flags=0x8400, answer=[alias]), side=side))
        return found

    def probes(self, hand: ZoneInHand) -> list[Exchange]:
        """What became of unusual questions: `probes: {ADDRESS or all: {version-1: answer, recursive: …}}`; well if nothing is said."""
        if "probes" not in self.given:
            return []
        well = {"version-1": "rcode 16", "unknown-option": "rcode 5", "unknown-flag": "rcode 5", "recursive": "rcode 5", "chaos": "rcode 5"}
        found = []
        for address in hand.answering:
            for variant, said in (well | self.given["probes"].get("all", {}) | self.given["probes"].get(address, {})).items():
                found.append(self.probe(address, variant, said))
        plain = {address for address, told in self.given["probes"].items() if told.get("edns") in {"plain", "absent"}}
        return found + [self.exchange(address, self.zone, types.SOA, hand.message("child", address, types.SOA) and hand.exchange("child", address, types.SOA).reply, variant="plain") for address in sorted(plain)]

    def probe(self, address: str, variant: str, said: str) -> Exchange:
        name, rtype = (from_text("version.bind"), types.TXT) if variant == "chaos" else (ROOT, types.SOA)
        if said == "timeout":
            return self.exchange(address, name, rtype, None, error="timeout", variant=variant)
        code = int(said[6:]) if said.startswith("rcode ") else 0
        flags = 0x8000 | code & 0xF | (0x80 if said in {"recurses", "recurses in vain"} else 0) | (2 if said == "recurses in vain" else 3 if said == "recurses" else 0)
        options = struct.pack(">HH", UNKNOWN_OPTION, 4) + b"samd" if said == "echo" and variant == "unknown-option" else b""
        bits = UNKNOWN_FLAG if said == "echo" and variant == "unknown-flag" else 0
        opt = Record(ROOT, types.OPT, 1232, (code >> 4) << 24 | bits, options)
        answer = [Record(name, types.TXT, types.CH, 0, bytes([len(said)]) + said.encode())] if variant == "chaos" and not said.startswith("rcode") else []
        return self.exchange(address, name, rtype, message(name, rtype, flags=flags, answer=answer, additional=[opt], cls=types.CH if variant == "chaos" else types.IN), variant=variant)

    def transfers(self, hand: ZoneInHand) -> list[Exchange]:
        """`transfers: {ADDRESS: whole|timeout}`; the others refuse."""
        if "transfers" not in self.given:
            return []
        found = []
        for address in hand.speaking:
            said = self.given["transfers"].get(address, "refuse")
            soa = [Record(self.zone, types.SOA, types.IN, TTL, soa_data(self.given, address)[0])]
            reply = None if said in {"timeout", "refused"} else message(self.zone, types.AXFR, flags=0x8400 if said == "whole" else 0x8405, answer=soa if said == "whole" else [])
            found.append(self.exchange(address, self.zone, types.AXFR, reply, transport="tcp", error=said if reply is None else None))
        return found

    def mail(self, hand: ZoneInHand) -> list[Exchange]:
        """`mx: [NAMES]` as one server gives them."""
        records = [Record(self.zone, types.MX, types.IN, TTL, b"\0\x0a" + from_text(name)) for name in self.given.get("mx", [])]
        return [self.exchange(hand.speaking[0], self.zone, types.MX, message(self.zone, types.MX, flags=0x8400, answer=records))] if records else []

    def reverse(self) -> list[Exchange]:
        """`ptr: {ADDRESS: a name | none | no-tree | silent}`."""
        found = []
        for address, said in self.given.get("ptr", {}).items():
            name = reverse_name(address)
            if said == "silent":
                found.append(self.exchange("198.51.100.9", name, types.PTR, None, side="other", error="timeout"))
                continue
            denial = [Record(ROOT if said == "no-tree" else from_text("arpa"), types.SOA, types.IN, TTL, soa_data({}, "")[0])]
            answer = [] if said in {"none", "no-tree"} else [Record(name, types.PTR, types.IN, TTL, from_text(said))]
            found.append(self.exchange("198.51.100.9", name, types.PTR, message(name, types.PTR, flags=0x8400 if answer else 0x8403, answer=answer, authority=[] if answer else denial), side="other"))
        return found


__all__ = ["complete", "odd_reply", "soa_data", "timedelta"]
