"""Remedies for zones: the exact record or command, in the words of the software that runs the zone (dns.md D12)."""

from __future__ import annotations

from collections.abc import Mapping

from samdrift.compliance.zone import ZoneInHand
from samdrift.model.dns.names import ROOT, to_text
from samdrift.model.dns.records import Dnskey, Soa, ds_line, make_ds
from samdrift.model.finding import Remedy

OPERATOR, REGISTRAR = "dns-operator", "registrar"

_SIGN: Mapping[str, str] = {
    "knot": "knotc zone-sign {zone}",
    "bind": "rndc sign {zone}",
    "nsd": "dnssec-signzone -S -o {zone} {zone}.zone && nsd-control reload {zone}",
}
_ZONE_STATUS: Mapping[str, str] = {"knot": "knotc zone-status {zone}", "bind": "rndc zonestatus {zone}", "nsd": "nsd-control zonestatus {zone}"}
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


def zone_status(hand: ZoneInHand) -> str | None:
    """The command that shows what the software makes of the zone."""
    return _command(_ZONE_STATUS, hand)


def load_there(hand: ZoneInHand, address: str) -> Remedy:
    """Have a server serve the zone, or have it named no more."""
    server = " ".join(hand.servers_at(address)) or address
    return Remedy(f"Have {server} load {hand.seen.name} and see why it does not, or take it out of NS in the zone and at the parent", command=zone_status(hand), by=OPERATOR)


def add_server(hand: ZoneInHand, what: str) -> Remedy:
    """Have one more server, in the zone and at the parent."""
    return Remedy(f"{what}, in the zone and at the parent", record=f"{to_text(hand.zone)} IN NS ns2.{hand.seen.name}.", by=OPERATOR)


_FIRST_SIGN: Mapping[str, str] = {
    "knot": "knotc conf-begin && knotc conf-set 'zone[{zone}].dnssec-signing' on && knotc conf-commit && knotc zone-sign {zone}",
    "bind": "rndc reconfig",
    "nsd": "dnssec-keygen -a ECDSAP256SHA256 -f KSK {zone} && dnssec-keygen -a ECDSAP256SHA256 {zone} && dnssec-signzone -S -o {zone} {zone}.zone && nsd-control reload {zone}",
}
_FETCH: Mapping[str, str] = {"knot": "knotc zone-retransfer {zone}", "bind": "rndc retransfer {zone}", "nsd": "nsd-control force_transfer {zone}"}
_ROLL_KEYS: Mapping[str, str] = {"knot": "knotc zone-key-rollover {zone} {role}", "bind": "rndc dnssec -rollover -key {tag} {zone}"}
_SETTINGS: Mapping[str, Mapping[str, str]] = {
    "algorithm": {"knot": "policy: algorithm: ecdsap256sha256", "bind": "dnssec-policy: keys { csk lifetime unlimited algorithm ecdsap256sha256; };"},
    "nsec3": {"knot": "policy: nsec3-iterations: 0, nsec3-salt-length: 0", "bind": "dnssec-policy: nsec3param iterations 0 optout no salt-length 0;"},
}
"""What to set, by what is wanted and the software."""


def sign_first(hand: ZoneInHand, keys: tuple[Dnskey, ...] = ()) -> Remedy:
    """Sign a zone that is not signed (or, with `keys`, have the DS of those that sign it already published)."""
    if keys:
        return publish_ds(hand, keys, "Publish this DS")
    text = f"Sign {hand.seen.name} on its primary, wait until every server has it, then have the DS published"
    if hand.terms.software == "bind":
        text += "; in named.conf's zone block: `dnssec-policy default; inline-signing yes;`"
    return Remedy(text, command=_command(_FIRST_SIGN, hand), by=OPERATOR)


def fetch_anew(hand: ZoneInHand, address: str | None, what: str) -> Remedy:
    """Have a server take the zone from the primary again."""
    server = " ".join(hand.servers_at(address)) or address if address else "each server"
    return Remedy(f"{what}: let {server} fetch {hand.seen.name} anew from the primary and see that it may", command=_command(_FETCH, hand), by=OPERATOR)


def change_keys(hand: ZoneInHand, what: str, key: Dnskey) -> Remedy:
    """Roll over to a key of another algorithm or size."""
    role = "ksk" if key.is_sep else "zsk"
    setting = _SETTINGS["algorithm"].get(hand.terms.software)
    text = f"{what}: roll over to ECDSA P-256 (algorithm 13)" + (f", with `{setting}`" if setting else "")
    command = _ROLL_KEYS.get(hand.terms.software)
    return Remedy(text, command=command and command.format(zone=hand.seen.name, role=role, tag=key.key_tag), by=OPERATOR)


def set_nsec3(hand: ZoneInHand, what: str) -> Remedy:
    """Have NSEC3 with no extra iterations and no salt (RFC 9276 3.1)."""
    setting = _SETTINGS["nsec3"].get(hand.terms.software)
    command = {**_SIGN, "bind": "rndc reconfig"}
    text = f"{what}: set iterations to 0 and no salt" + (f" (`{setting}`)" if setting else "")
    return Remedy(text, record=f"{to_text(hand.zone)} IN NSEC3PARAM 1 0 0 -", command=_command(command, hand), by=OPERATOR)


def _command(commands: Mapping[str, str], hand: ZoneInHand) -> str | None:
    command = commands.get(hand.terms.software)
    return command and command.format(zone=hand.seen.name)


_TRANSFER_SETTING: Mapping[str, str] = {
    "bind": "in the zone's block: `allow-transfer { key secondary; };`", "knot": "in the zone's block: `acl: [secondary]` with the secondary's address and key",
    "nsd": "in the zone's block: `provide-xfr: ADDRESS KEY`",
}  # fmt: skip
_RELOAD: Mapping[str, str] = {"bind": "rndc reconfig", "knot": "knotc reload", "nsd": "nsd-control reconfig"}


def forbid_recursion(hand: ZoneInHand) -> Remedy:
    """Have a server resolve nobody else's names."""
    return Remedy("Switch recursion off on this server (BIND: `recursion no;` in options), or allow it to your own networks alone", command=_command(_RELOAD, hand), by=OPERATOR)


def allow_transfer(hand: ZoneInHand) -> Remedy:
    """Have a server transfer the zone to its secondaries alone."""
    setting = _TRANSFER_SETTING.get(hand.terms.software)
    return Remedy(f"Allow transfers of {hand.seen.name} to its secondaries alone, by address and TSIG key" + (f"; {setting}" if setting else ""), command=_command(_RELOAD, hand), by=OPERATOR)


def change_contact(hand: ZoneInHand, soa: Soa) -> Remedy:
    """Set the contact of the SOA to a mailbox of the zone (of its primary for the root)."""
    contact = f"hostmaster.{to_text(soa.mname if hand.zone == ROOT else hand.zone)}"
    numbers = " ".join(map(str, ((soa.serial + 1) % 2**32, soa.refresh, soa.retry, soa.expire, soa.minimum)))
    text = f"Write the contact in SOA as a name, for example {contact} for the mailbox hostmaster at {contact.partition('.')[2].removesuffix('.')}, with a new serial"
    return Remedy(text, record=f"{hand.text} IN SOA {to_text(soa.mname)} {contact} {numbers}", by=OPERATOR)


def change_soa(hand: ZoneInHand, soa: Soa, field: str, seconds: int) -> Remedy:
    """Set one time of the SOA (`refresh`, `retry`, `expire`, `minimum`) on the primary."""
    held = {"refresh": soa.refresh, "retry": soa.retry, "expire": soa.expire, "minimum": soa.minimum} | {field: seconds}
    numbers = " ".join(map(str, ((soa.serial + 1) % 2**32, *held.values())))
    return Remedy(f"Set {field} to {seconds} on the primary, with a new serial", record=f"{hand.text} IN SOA {to_text(soa.mname)} {to_text(soa.rname)} {numbers}", by=OPERATOR)


def roll_on(hand: ZoneInHand, tag: int, state: str) -> Remedy:
    """Take the next step of a change of keys that waits."""
    commands = {"knot": "keymgr {zone} list -e", "bind": "rndc dnssec -status {zone}"}
    steps = {"retired": "take the old key away when its signatures have left every cache", "dead": "take the old key away", "revoked": "take the revoked key away"}
    text = f"Key {tag} is {state}: {steps.get(state, 'let the new key sign, or take it away')}. See where the signer stands"
    return Remedy(text, command=_command(commands, hand), by=OPERATOR)
