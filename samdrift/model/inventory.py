"""Inventory: everything that is, loaded, placed and judged; frozen for a run (inventory.md)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeVar, cast

from samdrift.model.ownership import Ownership
from samdrift.model.problem import Place, Problem

if TYPE_CHECKING:
    from samdrift.model.fields import Noun
    from samdrift.model.nouns.agreement import Agreement
    from samdrift.model.nouns.backup import Backup
    from samdrift.model.nouns.backup_target import BackupTarget
    from samdrift.model.nouns.contract import Contract
    from samdrift.model.nouns.device import Device
    from samdrift.model.nouns.member import Contact, Member
    from samdrift.model.nouns.network import Network
    from samdrift.model.nouns.price import Price
    from samdrift.model.nouns.redundancy import RedundancyGroup
    from samdrift.model.nouns.retention_policy import RetentionPolicy
    from samdrift.model.nouns.service import Service
    from samdrift.model.nouns.settings import Settings
    from samdrift.model.nouns.site import Site
    from samdrift.model.nouns.supplier import Supplier
    from samdrift.model.nouns.waiver import Waiver
    from samdrift.model.nouns.zone import Zone

N = TypeVar("N")


@dataclass(frozen=True)
class Inventory:
    """One valid inventory. `objects` is noun → objects in file order; `places` is (noun, id) → first place; `files` are the
    contents of files/ and cost-pools/ by path below the inventory; `warnings` depend on the date alone (I8); `commit` is git's or `unknown`.
    """

    root: str
    settings: Settings
    objects: Mapping[str, tuple[Noun, ...]]
    places: Mapping[tuple[str, str], Place] = field(default_factory=dict)
    files: Mapping[str, bytes] = field(default_factory=dict)
    warnings: tuple[Problem, ...] = ()
    commit: str = "unknown"

    def all(self, noun: str) -> tuple[Any, ...]:
        """The objects of a noun (its plural key), in file order."""
        return self.objects.get(noun, ())

    @cached_property
    def _by_id(self) -> dict[str, dict[str, Any]]:
        return {noun: {cast("Any", thing).id: thing for thing in things} for noun, things in self.objects.items()}

    def by_id(self, noun: str) -> Mapping[str, Any]:
        """id → object; for agreements and prices, which repeat an id over time, use `agreements` and `prices`."""
        return self._by_id.get(noun, {})

    @property
    def members(self) -> Mapping[str, Member]:
        return self.by_id("members")

    @property
    def suppliers(self) -> Mapping[str, Supplier]:
        return self.by_id("suppliers")

    @property
    def sites(self) -> Mapping[str, Site]:
        return self.by_id("sites")

    @property
    def networks(self) -> Mapping[str, Network]:
        return self.by_id("networks")

    @property
    def devices(self) -> Mapping[str, Device]:
        return self.by_id("devices")

    @property
    def redundancy(self) -> Mapping[str, RedundancyGroup]:
        return self.by_id("redundancy")

    @property
    def services(self) -> Mapping[str, Service]:
        return self.by_id("services")

    @property
    def contracts(self) -> Mapping[str, Contract]:
        return self.by_id("contracts")

    @property
    def zones(self) -> Mapping[str, Zone]:
        return self.by_id("zones")

    @property
    def backups(self) -> Mapping[str, Backup]:
        return self.by_id("backups")

    @property
    def backup_targets(self) -> Mapping[str, BackupTarget]:
        return self.by_id("backup-targets")

    @property
    def retention_policies(self) -> Mapping[str, RetentionPolicy]:
        return self.by_id("retention-policies")

    @property
    def waivers(self) -> Mapping[str, Waiver]:
        return self.by_id("waivers")

    @property
    def agreements(self) -> tuple[Agreement, ...]:
        """All versions of all agreements."""
        return self.all("agreements")

    @property
    def prices(self) -> tuple[Price, ...]:
        """All dated price rows."""
        return self.all("prices")

    def place(self, noun: str, object_id: str) -> Place:
        """Where an object stands; the inventory's folder when that is not known."""
        return self.places.get((noun, object_id), Place(self.root))

    def expand(self, used_by: Iterable[str]) -> tuple[str, ...]:
        """Member ids of `used_by`: ids, `kind:municipality`, `all`; sorted, each once."""
        found: set[str] = set()
        for entry in used_by:
            if entry == "all":
                found.update(self.members)
            elif entry.startswith("kind:"):
                found.update(
                    member.id for member in self.members.values() if member.kind == entry.removeprefix("kind:")
                )
            elif entry in self.members:
                found.add(entry)
        return tuple(sorted(found))

    def users(self, service: Service) -> tuple[str, ...]:
        """The members that use the service, sorted."""
        return self.expand(service.used_by)

    def ownership(self, thing: Device | Network | Zone | Service) -> Ownership:
        """Whose a device, network, zone or service is; a service without words is its users' (common.md 2)."""
        users = self.expand(getattr(thing, "used_by", ()))
        if thing.owner is None and thing.shared_by is None and users:
            return Ownership.of(users[0], None) if len(users) == 1 else Ownership.of(None, users)
        return Ownership.of(thing.owner, thing.shared_by)

    def services_of(self, device_id: str) -> tuple[Service, ...]:
        """The services that stand on a device directly, sorted by id."""
        return tuple(service for _, service in sorted(self.services.items()) if device_id in service.devices)

    def contacts(self, member_id: str) -> tuple[Contact, ...]:
        """A member's contacts, in the order written."""
        return self.members[member_id].contacts
