"""Plan compliance: what is to be looked at, from the inventory and what was asked for (dns.md 4)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from samdrift.adapters.dns import RATE_PER_S
from samdrift.adapters.dns_anchors import anchors_in, built_in_anchors, read_anchors
from samdrift.adapters.dns_hints import built_in_roots, hints_in, read_hints
from samdrift.adapters.endpoints import ENCRYPTED, Target
from samdrift.adapters.limits import RUN_SECONDS
from samdrift.adapters.presence import PARTS, Shown
from samdrift.adapters.visits import Reach
from samdrift.compliance.contract import ContractInHand
from samdrift.compliance.endpoint import EndpointInHand
from samdrift.compliance.presence import PresenceTerms
from samdrift.compliance.zone import DeclaredRollover, ZoneTerms
from samdrift.model.check import Check
from samdrift.model.dns.ds_words import read_ds_words
from samdrift.model.dns.names import BadName, Name, from_text, is_within, to_text
from samdrift.model.dns.observation import Host
from samdrift.model.dns.view import Anchor, ViewFacts
from samdrift.model.errors import UnknownId, WrongUse
from samdrift.model.finding import Finding, Severity, Status, Subject
from samdrift.model.period import local_midnight
from samdrift.model.viewer import OPERATIONS, Viewer
from samdrift.operations.observe_compliance import Sight

if TYPE_CHECKING:
    from samdrift.model.inventory import Inventory
    from samdrift.model.nouns.service import Endpoint, Service
    from samdrift.model.nouns.view import View
    from samdrift.model.nouns.zone import Zone

PUBLIC = "public"
PORTS = {"https": 443, "http": 80, "smtp": 25, "imaps": 993, "ldaps": 636, "ssh": 22, "dns": 53}
NEEDS = frozenset({"zone", "presence", "endpoint", "contract"})
"""What can be laid before a check here; checks with other needs are judged by their own commands."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to check: `names` in wire form (none: all of the inventory), in `view` (none: all views, with `hints` the public one).

    `trust_anchors` are files of DS or DNSKEY lines that replace the view's. `servers` stand for the delegation of the one name (D4).
    """

    checks: tuple[Check, ...]
    names: tuple[Name, ...] = ()
    view: str | None = None
    hints: Path | None = None
    deadline_seconds: float = RUN_SECONDS
    rate_per_s: float = RATE_PER_S
    at: datetime | None = None
    member: str | None = None
    viewer: Viewer = OPERATIONS
    trust_anchors: tuple[Path, ...] = ()
    servers: tuple[Host, ...] = ()
    ds: tuple[bytes, ...] = ()
    """DS by hand, for a zone that is not delegated yet (D4)."""
    as_table: Path | None = None
    """A table of autonomous systems that replaces the view's."""


def read_ds(texts: Sequence[str]) -> tuple[bytes, ...]:
    """The data of DS given by hand; WrongUse names the one that is none."""
    return tuple(read_ds_words(text, "--ds") for text in texts)


def read_names(texts: Sequence[str]) -> tuple[Name, ...]:
    """Names in wire form, each once, in their order; WrongUse names the one that is none."""
    try:
        return tuple(dict.fromkeys(from_text(text) for text in texts))
    except BadName as error:
        raise WrongUse(f"no domain name: {error}", help="for example krokom.example") from None


def read_servers(texts: Sequence[str]) -> tuple[Host, ...]:
    """Name servers from `NAME` or `NAME/ADDRESS`, several addresses of one name joined; WrongUse names the one that is none."""
    found: dict[Name, list[str]] = {}
    for text in texts:
        name, _, address = text.partition("/")
        try:
            held = found.setdefault(from_text(name), [])
            if address:
                held.append(str(ip_address(address)))
        except (BadName, ValueError) as error:
            raise WrongUse(f"--ns {text}: {error}", help="NAME, or NAME/ADDRESS, for example ns1.krokom.example/192.0.2.53") from None
    return tuple(Host(name, tuple(dict.fromkeys(held))) for name, held in found.items())


class Plan:
    """What is to be looked at, from the inventory and what was asked for."""

    def __init__(self, inventory: Inventory | None, wanted: Wanted) -> None:
        self.inventory, self.wanted = inventory, wanted
        rows = inventory.zones.values() if inventory else ()
        self.zone_names = {f"zone:{row.id}": f"zone:{row.name}" for row in rows}
        self.rows: dict[Name, Zone] = {from_text(row.name): row for row in rows if self._shown(row)}
        self.chosen = tuple(wanted.names) or tuple(sorted(self.rows, key=to_text))
        if wanted.servers and len(wanted.names) != 1:
            raise WrongUse("--ns needs one NAME: the zone that these servers are to serve", help="samdrift check run krokom.example --ns ns1.krokom.example/192.0.2.53")
        self.deeds = {check.needs[0] for check in wanted.checks} & NEEDS
        if wanted.view is not None and wanted.view != PUBLIC and (inventory is None or wanted.view not in inventory.by_id("views")):
            raise UnknownId("view", wanted.view, [PUBLIC, *(inventory.by_id("views") if inventory else ())])

    def checks(self, need: str) -> tuple[Check, ...]:
        return tuple(check for check in self.wanted.checks if check.needs[0] == need)

    def _shown(self, thing: Zone | Service) -> bool:
        assert self.inventory is not None
        members = self.inventory.ownership(thing).members
        return self.wanted.viewer.sees_any(members) and self.wanted.member in {None, *members}

    # -- zones
    def _views(self) -> tuple[str, ...]:
        if self.wanted.view is not None:
            return (self.wanted.view,)
        if self.wanted.hints is not None or not self.inventory:
            return (PUBLIC,)
        held = {view for name in self.chosen for view in (self.rows[name].views if name in self.rows else (PUBLIC,))} | ({PUBLIC} if "endpoint" in self.deeds else set())
        return tuple(sorted(held, key=lambda view: (view != PUBLIC, view)))

    def sights(self) -> tuple[Sight, ...]:
        """One a view that has something to look at."""
        found = []
        for view in self._views():
            named = bool(self.wanted.names)
            zones = [name for name in self.chosen if (named and (name not in self.rows or self.wanted.view)) or (name in self.rows and view in self.rows[name].views)]
            roots = self.roots(view)
            sight = Sight(
                view, roots, tuple((name, self._servers(name, view)) for name in zones) if "zone" in self.deeds else (), tuple(_target(each) for _, each in self.endpoints(view)),
                frozenset(need for check in self.checks("zone") for need in check.needs), self._facts(view, roots), bool(self.wanted.servers),
            )  # fmt: skip
            sight = replace(sight, presences=self._presences(zones, view), trust=self._trust(view), reach=self._reach(view))
            if sight.zones or sight.endpoints or sight.presences:
                found.append(sight)
        return tuple(found)

    def roots(self, view: str) -> tuple[Host, ...]:
        if self.wanted.hints is not None:
            return read_hints(self.wanted.hints)
        row = self.inventory.by_id("views").get(view) if self.inventory else None
        if row is None or row.hints is None:
            return built_in_roots()
        assert self.inventory is not None
        octets = self.inventory.files.get(row.hints)
        if octets is None:
            raise WrongUse(f"the hints file {row.hints} of view {view} is not in the inventory")
        return hints_in(octets, row.hints)

    def _facts(self, view: str, roots: tuple[Host, ...]) -> ViewFacts:
        """What the view says; anchors given by hand or by the view replace the built-in ones, which go with the built-in roots alone (D3)."""
        row = self.inventory.by_id("views").get(view) if self.inventory else None
        own_roots = self.wanted.hints is not None or (row is not None and row.hints is not None)
        anchors: tuple[Anchor, ...] | None = None if own_roots else built_in_anchors()
        if self.wanted.trust_anchors:
            anchors = tuple(dict.fromkeys(one for path in self.wanted.trust_anchors for one in read_anchors(path)))
        elif row is not None and row.trust_anchors is not None and self.inventory is not None:
            octets = self.inventory.files.get(row.trust_anchors)
            if octets is None:
                raise WrongUse(f"the file of trust anchors {row.trust_anchors} of view {view} is not in the inventory")
            anchors = anchors_in(octets, row.trust_anchors)
        return ViewFacts(
            view == PUBLIC, row is not None and row.private_addresses == "allowed", tuple(map(str, row.stands_for_public)) if row else (),
            tuple(map(str, row.transfer_from)) if row else (), tuple(one for host in roots for one in host.addresses) if own_roots else (), anchors,
        )  # fmt: skip

    def as_table(self, view: str) -> Path | tuple[str, bytes] | None:
        """The table of autonomous systems: the file given by hand, else the view's name and octets; None where there is none."""
        row = self._view(view)
        if self.wanted.as_table is not None or row is None or row.as_table is None:
            return self.wanted.as_table
        assert self.inventory is not None
        octets = self.inventory.files.get(row.as_table)
        if octets is None:
            raise WrongUse(f"the AS table {row.as_table} of view {view} is not in the inventory")
        return row.as_table, octets

    def _servers(self, name: Name, view: str) -> tuple[Host, ...]:
        if self.wanted.servers:
            return self.wanted.servers
        row = self.rows.get(name)
        return tuple(Host(from_text(one.name), tuple(map(str, one.addresses))) for one in row.servers.get(view, ())) if row else ()

    # -- mail and web
    def _presences(self, zones: Sequence[Name], view: str) -> tuple[Shown, ...]:
        """What to look at of each zone's mail and web: as much as the chosen checks need."""
        parts = frozenset(need for check in self.checks("presence") for need in check.needs) & PARTS
        if not parts:
            return ()
        return tuple(
            Shown(name, tuple(map(from_text, terms.web)), terms.selectors, self._servers(name, view), parts, tuple((from_text(host), port) for host, port in terms.endpoints))
            for name in zones if (terms := self.presence_terms(name))
        )  # fmt: skip

    def presence_terms(self, name: Name) -> PresenceTerms:
        """What the inventory says of a zone's mail and web."""
        row = self.rows.get(name)
        if row is None:
            return PresenceTerms()
        member, members = self.owner(Subject("zone", row.name))
        return PresenceTerms(member, members, row.software, row.policy.mail, row.policy.web, row.dkim, self._tls_endpoints(name))

    def _tls_endpoints(self, zone: Name) -> tuple[tuple[str, int], ...]:
        """Host and port of the active services that speak TLS and whose host lies in this zone and in none below it."""
        if self.inventory is None:
            return ()
        found: dict[tuple[str, int], None] = {}
        for _, service in sorted(self.inventory.services.items()):
            for one in service.endpoints if service.state == "active" else ():
                target = _target(one)
                if target.protocol in ENCRYPTED and target.host and self._zone_of(target.host) == zone:
                    found[target.host, target.port] = None
        return tuple(found)

    def _zone_of(self, host: str) -> Name | None:
        """The deepest zone of the inventory that a host lies in."""
        return next((name for name in sorted(self.rows, key=len, reverse=True) if is_within(from_text(host), name)), None)

    def _view(self, view: str) -> View | None:
        return self.inventory.by_id("views").get(view) if self.inventory else None

    def _trust(self, view: str) -> bytes | None:
        """The view's CA file; None where it has none and the system's stands."""
        row = self._view(view)
        if row is None or row.ca is None:
            return None
        assert self.inventory is not None
        octets = self.inventory.files.get(row.ca)
        if octets is None:
            raise WrongUse(f"the CA file {row.ca} of view {view} is not in the inventory")
        return octets

    def _reach(self, view: str) -> Reach:
        row = self._view(view)
        return Reach() if row is None else Reach(row.private_addresses == "allowed", row.stands_for_public)

    def owner(self, subject: Subject) -> tuple[str | None, tuple[str, ...]]:
        """Whose a subject is: the label for `member`, and all members when there are several."""
        if self.inventory is None:
            return None, ()
        thing: Any = None
        if subject.noun == "zone":
            thing = self.rows.get(from_text(subject.id))
        elif subject.noun == "service":
            thing = self.inventory.services.get(subject.id)
        if thing is None:
            return None, ()
        held = self.inventory.ownership(thing)
        return held.label, () if held.sole else held.members

    def terms(self, name: Name) -> ZoneTerms:
        """What the inventory says of a zone; a name in no inventory has no member and no policy."""
        row = self.rows.get(name)
        if row is None:
            return ZoneTerms()
        member, members = self.owner(Subject("zone", row.name))
        return ZoneTerms(member, members, row.software, row.signatures.failure, row.signatures.warning, row.policy.dnssec, _declared(row), self._sites(row))

    def _sites(self, row: Zone) -> tuple[tuple[str, str], ...]:
        """Prefix and site, the longest prefix first: of the zone's own servers, then of the networks in use."""
        assert self.inventory is not None
        servers = [(str(ip_network(str(address))), one.site) for held in row.servers.values() for one in held if one.site for address in one.addresses]
        networks = [(str(one.prefix), one.site) for one in self.inventory.networks.values()]
        return tuple(sorted({*servers, *networks}, key=lambda one: (-ip_network(one[0]).prefixlen, one)))

    # -- endpoints and contracts
    def endpoints(self, view: str) -> tuple[tuple[Service, Endpoint], ...]:
        """The endpoints to try, in the public view alone; with names given, those whose host lies below one."""
        if self.inventory is None or "endpoint" not in self.deeds or view != PUBLIC:
            return ()
        found = []
        for _, service in sorted(self.inventory.services.items()):
            if service.state == "active" and self._shown(service):
                found += [(service, one) for one in service.endpoints if one.protocol != "udp" and _host(one) and self._named(_host(one))]
        return tuple(found)

    def _named(self, host: str) -> bool:
        return not self.wanted.names or any(is_within(from_text(host), name) for name in self.wanted.names)

    def endpoint(self, service: Service, endpoint: Endpoint, seen: Any) -> EndpointInHand:
        """An endpoint with what it gave."""
        member, members = self.owner(Subject("service", service.id))
        zone = self._zone_of(_host(endpoint))
        return EndpointInHand(service.id, endpoint.id, seen, endpoint.member or member, () if endpoint.member else members, None if zone is None else to_text(zone).removesuffix("."), endpoint.health)

    def contracts(self) -> tuple[ContractInHand, ...]:
        """The contracts to judge: all that the viewer may see, none when names are given."""
        if self.inventory is None or "contract" not in self.deeds or self.wanted.names:
            return ()
        rows = [row for _, row in sorted(self.inventory.contracts.items()) if self.wanted.viewer.sees_any(row.members) and self.wanted.member in {None, *row.members}]
        return tuple(ContractInHand(row, self.inventory.place("contracts", row.id)) for row in rows)

    def nothing_for(self, found: Sequence[Finding], at: datetime) -> list[Finding]:
        """Of each name and each check that had nothing to judge there: not-applicable, so that each has an item. A contract has no name."""
        said = {(one.check, one.subject.id if one.subject.noun == "zone" else str(one.value.get("zone"))) for one in found}
        checks = [check for check in self.wanted.checks if check.needs[0] in NEEDS and (self.wanted.names or check.needs[0] != "contract")]
        missing = []
        for name in self.chosen if self.deeds - {"contract"} or self.wanted.names else ():
            shown = to_text(name).removesuffix(".") or "."
            member, members = self.owner(Subject("zone", shown))
            row = self.rows.get(name)
            view = self.wanted.view or (row.views[0] if row and not self.wanted.hints else self._views()[0])
            missing += [
                Finding(check.id, "not-applicable", Subject("zone", shown), Status.NOT_APPLICABLE, Severity.INFO, f"nothing of {shown} is judged by this", at, member=member, members=members, view=view)
                for check in checks
                if (check.id, shown) not in said
            ]
        return missing


def _declared(row: Zone) -> DeclaredRollover | None:
    told = row.rollover
    return None if told is None or told.until is None else DeclaredRollover(told.kind, told.from_, told.to, local_midnight(told.started), local_midnight(told.until))


def _host(endpoint: Endpoint) -> str:
    return endpoint.host or (urlsplit(endpoint.url).hostname if endpoint.url else None) or ""


def _target(endpoint: Endpoint) -> Target:
    split = urlsplit(endpoint.url or "")
    protocol = split.scheme or endpoint.protocol
    return Target(_host(endpoint), endpoint.port or split.port or PORTS.get(protocol, 443), protocol, endpoint.health)
