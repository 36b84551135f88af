"""Device: a host, switch, UPS or anything else with a name, a place and an owner (inventory.md I1, halls.md 5)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from samdrift.model.fields import Day, DnsName, Id, Ipv4, Ipv6, Mac, Noun, Ref, Seconds, SecretRef, SharedBy, Text
from samdrift.model.nouns import NounSpec
from samdrift.model.nouns.settings import Family

DeviceKind = Literal["host", "virtual", "hypervisor", "switch", "router", "firewall", "storage", "ups", "pdu", "appliance"]
DeviceState = Literal["planned", "active", "leaving", "retired"]
LIVING: frozenset[str] = frozenset({"active", "leaving"})


class InterfaceAddresses(Noun):
    """The addresses of one interface, per family."""

    ipv4: Ipv4 | None = None
    ipv6: Ipv6 | None = None


class Observe(Noun):
    """How a hall device is read: NUT (RFC 9271), SNMP, Redfish, or simulated (halls.md H3, H5)."""

    by: Literal["nut", "snmp", "redfish", "simulated"]
    ups: Text | None = None
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    profile: Text | None = None
    seed: int | None = None
    every: Seconds | None = None
    credentials: SecretRef | None = None


class Battery(Noun):
    """`runtime` maps load in watts to time until empty."""

    installed: Day
    design_years: Annotated[int, Field(ge=1, le=30)]
    runtime: dict[str, Seconds] = {}


class Device(Noun):
    """One device. `unit` is the lowest rack unit it fills, `height` in rack units; virtuals say `runs_on` instead."""

    id: Id
    name: DnsName
    kind: DeviceKind
    owner: Ref | None = None
    shared_by: SharedBy | None = None
    since: Day | None = None
    site: Ref | None = None
    rack: Ref | None = None
    unit: Annotated[int, Field(ge=1, le=60)] | None = None
    height: Annotated[int, Field(ge=1, le=60)] = 1
    runs_on: Ref | None = None
    state: DeviceState
    addresses: dict[Text, InterfaceAddresses] = {}
    management: Family | None = None
    macs: tuple[Mac, ...] = ()
    host_keys: tuple[Annotated[str, Field(pattern=r"^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/=]+$")], ...] = ()
    roles: tuple[Ref, ...] = ()
    platform: Text | None = None
    redundancy_group: Ref | None = None
    window: Ref | None = None
    vars: dict[str, Any] = {}
    uplinks: tuple[Ref, ...] = ()
    depends_on: tuple[Ref, ...] = ()
    enable: SecretRef | None = None
    credentials: SecretRef | None = None
    ssh: bool | None = None
    watts: Annotated[int, Field(ge=0)] | None = None
    amps: Annotated[int, Field(ge=1)] | None = None
    phases: Literal[1, 3] = 1
    volts: int = 230
    kg: int | None = None
    fed_by: tuple[Text, ...] = ()
    outlets: dict[Text, int] = {}
    supplies: dict[Text, Text] = {}
    needs_supplies: Annotated[int, Field(ge=1)] = 1
    stop: Seconds | None = None
    observe: Observe | None = None
    battery: Battery | None = None
    memory_gib: int | None = None
    cpus: int | None = None
    on_decrease: Literal["reset", "wrap-32", "wrap-64", "block"] | None = None

    @property
    def living(self) -> bool:
        """In service: active or leaving."""
        return self.state in LIVING

    @property
    def reached_by_ssh(self) -> bool:
        """Whether playbooks or netmiko log in to it: hosts, hypervisors, virtuals and network devices, unless `ssh` says otherwise."""
        return self.ssh if self.ssh is not None else self.kind in {"host", "virtual", "hypervisor", "switch", "router", "firewall"}


NOUN = NounSpec("devices", "device", Device)
