"""Remedies for zones: the exact record or command, in the words of the software that runs the zone (dns.md D12)."""

from __future__ import annotations

from collections.abc import Mapping

from samdrift.compliance.zone import ZoneInHand
from samdrift.model.dns.names import to_text
from samdrift.model.dns.records import Dnskey, ds_line, make_ds
from samdrift.model.finding import Remedy

OPERATOR, REGISTRAR = "dns-operator", "registrar"

_SIGN: Mapping[str, str] = {
    "knot": "knotc zone-sign {zone}",
    "bind": "rndc sign {zone}",
    "nsd": "dnssec-signzone -S -o {zone} {zone}.zone && nsd-control reload {zone}",
}
_STATUS: Mapping[str, str] = {"knot": "knotc status", "bind": "rndc status", "nsd": "nsd-control status"}


def sign_again(hand: ZoneInHand, why: str) -> Remedy:
    """Sign the zone anew."""
    text = f"Sign {hand.seen.name} again: {why}."
    if hand.terms.software == "knot":
        text += " If it comes back, set `rrsig-refresh: 7d` in the zone's policy: Knot otherwise waits until shortly before the end."
    elif hand.terms.software == "bind":
        text += " If it comes back, look at `dnssec-policy` and whether named may write its keys and journal."
    command = _SIGN.get(hand.terms.software)
    return Remedy(text, command=command and command.format(zone=hand.seen.name), by=OPERATOR)


def publish_ds(hand: ZoneInHand, keys: tuple[Dnskey, ...], what: str) -> Remedy:
    """Have the parent publish the DS (SHA-256) of the live key-signing keys, and only these."""
    made = [made for key in keys if (made := make_ds(hand.zone, key)) is not None]
    record = "\n".join(ds_line(hand.zone, ds) for ds in made) or None
    return Remedy(f"{what} at the parent, through the registrar", record=record, by=REGISTRAR)


def remove_ds(hand: ZoneInHand, line: str) -> Remedy:
    """Have the parent take one DS away."""
    return Remedy(f"Remove this DS of {hand.seen.name} at the parent, once no resolver can still need its key", record=line, by=REGISTRAR)


def answer_there(hand: ZoneInHand, address: str, transport: str) -> Remedy:
    """Have a server answer on an address."""
    server = " ".join(hand.servers_at(address)) or "the server"
    port = f"{transport.upper()} port 53"
    return Remedy(
        f"Let {server} answer on {address}, {port}: does it listen there, does the address exist, does a firewall stop it? Else take the AAAA record away",
        record=None, command=_STATUS.get(hand.terms.software), by=OPERATOR,
    )  # fmt: skip


def add_server(hand: ZoneInHand, what: str) -> Remedy:
    """Have one more server, in the zone and at the parent."""
    return Remedy(f"{what}, in the zone and at the parent", record=f"{to_text(hand.zone)} IN NS ns2.{hand.seen.name}.", by=OPERATOR)
