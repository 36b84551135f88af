"""DNS hints: the root's servers, read from a file in master-file form or the built-in ones (dns.md D3)."""

from __future__ import annotations

from pathlib import Path

from samdrift.adapters.files import read_file
from samdrift.adapters.limits import SIZES
from samdrift.model.dns.names import Name, from_text
from samdrift.model.dns.observation import Host
from samdrift.model.errors import WrongUse

FORM = "lines like `. 3600000 IN NS a.root.example.` and `a.root.example. 3600000 IN A 192.0.2.1`"

# https://www.internic.net/domain/named.root as of 2026-11-01
_LETTERS = {
    "a": ("198.41.0.4", "2001:503:ba3e::2:30"), "b": ("170.247.170.2", "2801:1b8:10::b"), "c": ("192.33.4.12", "2001:500:2::c"),
    "d": ("199.7.91.13", "2001:500:2d::d"), "e": ("192.203.230.10", "2001:500:a8::e"), "f": ("192.5.5.241", "2001:500:2f::f"),
    "g": ("192.112.36.4", "2001:500:12::d0d"), "h": ("198.97.190.53", "2001:500:1::53"), "i": ("192.36.148.17", "2001:7fe::53"),
    "j": ("192.58.128.30", "2001:503:c27::2:30"), "k": ("193.0.14.129", "2001:7fd::1"), "l": ("199.7.83.42", "2001:500:9f::42"),
    "m": ("202.12.27.33", "2001:dc3::35"),
}  # fmt: skip


def built_in_roots() -> tuple[Host, ...]:
    """The thirteen root servers of the public tree."""
    return tuple(Host(from_text(f"{letter}.root-servers.net."), addresses) for letter, addresses in _LETTERS.items())


def read_hints(path: Path | str) -> tuple[Host, ...]:
    """The root servers that a file names; WrongUse in one line when it cannot be read or is no hints file."""
    try:
        octets = read_file(Path(path), limit_bytes=SIZES["inventory-file"])
    except OSError as error:
        raise WrongUse(f"cannot read the hints file {path}: {(error.strerror or str(error)).lower()}", help="--hints FILE with " + FORM) from None
    return hints_in(octets, str(path))


def hints_in(octets: bytes, name: str) -> tuple[Host, ...]:
    """The root servers in a hints file's octets; WrongUse when there is none. `name` is what errors call the file."""
    import dns.exception
    import dns.rdataclass
    import dns.rdatatype
    import dns.zonefile

    try:
        sets = dns.zonefile.read_rrsets(octets.decode("utf-8"), name=None, origin=".", rdclass=None, relativize=False, default_ttl=3_600_000)
    except (dns.exception.DNSException, UnicodeDecodeError, ValueError) as error:
        said = " ".join(str(error).split())[:160] or type(error).__name__
        raise WrongUse(f"{name} is no hints file: {said}", help=FORM) from None
    roots: list[Name] = []
    addresses: dict[Name, list[str]] = {}
    for rrset in sets:
        owner = rrset.name.to_wire() or b"\0"
        if rrset.rdtype == dns.rdatatype.NS and owner == b"\0":
            roots += [rdata.target.to_wire().lower() for rdata in rrset]
        elif rrset.rdtype in {dns.rdatatype.A, dns.rdatatype.AAAA}:
            addresses.setdefault(owner.lower(), []).extend(str(rdata.address) for rdata in rrset)
    found = tuple(Host(root, tuple(addresses.get(root, ()))) for root in dict.fromkeys(roots))
    if not found:
        raise WrongUse(f"{name} is no hints file: it names no server of the root (`.`)", help=FORM)
    if not any(host.addresses for host in found):
        raise WrongUse(f"{name} gives no root server an address", help=FORM)
    return found
