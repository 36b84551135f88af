"""Device: a host, switch, UPS or anything else with a name, a place and an owner (inventory.md I1, halls.md 5)."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from samdrift.model.fields import Day, DnsName, Id, Ipv4, Ipv6, Mac, Noun, Ref, Seconds, SecretRef, SharedBy, Text
from samdrift.model.nouns import NounSpec
from samdrift.model.nouns.settings import Family

DeviceKind = Literal[
    "host", "virtual", "hypervisor", "switch", "router", "firewall", "storage", "ups", "pdu", "appliance"
]
DeviceState = Literal["planned", "active", "leaving", "retired"]
LIVING: frozenset[str] = frozenset({"active", "leaving"})


class InterfaceAddresses(Noun):
    """The addresses of one interface, per family."""

    ipv4: Ipv4 | None = None
    """The interface's IPv4 address. For example: 10.20.4.11"""
    ipv6: Ipv6 | None = None
    """The interface's IPv6 address. For example: 2001:db8:20:4::11"""


class Observe(Noun):
    """How a hall device is read: NUT (RFC 9271), SNMP, Redfish, or simulated (halls.md H3, H5)."""

    by: Literal["nut", "snmp", "redfish", "simulated"]
    """How it is read: NUT, SNMP, Redfish, or simulated. For example: snmp"""
    ups: Text | None = None
    """Its name in upsd. For example: ups-a"""
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    """The port when not the usual one. For example: 3493"""
    profile: Text | None = None
    """Which MIB or model it speaks. For example: apc-rpdu2"""
    seed: int | None = None
    """Seed of a simulated one. For example: 1"""
    every: Seconds | None = None
    """How often it is read. For example: 30 s"""
    credentials: SecretRef | None = None
    """Login or SNMPv3 keys. For example: vault:ostersund/snmp"""


class Battery(Noun):
    """`runtime` maps load in watts to time until empty."""

    installed: Day
    """The day it was put in. For example: 2023-05-01"""
    design_years: Annotated[int, Field(ge=1, le=30)]
    """How long it is made for [years]. For example: 5"""
    runtime: dict[str, Seconds] = {}
    """Load in watts to time until empty. For example: {2500: 45 min}"""


class Device(Noun):
    """One device. `unit` is the lowest rack unit it fills, `height` in rack units; virtuals say `runs_on` instead."""

    id: Id
    """The device's id and its name in Ansible. For example: ost-lib-1"""
    name: DnsName
    """Its DNS name. For example: lib1.drift.example"""
    kind: DeviceKind
    """What it is. For example: host"""
    owner: Ref | None = None
    """The member that owns it alone. For example: are"""
    shared_by: SharedBy | None = None
    """Members to exact shares that make 1, or a list when an agreement's key decides. For example: {ostersund: 2/3, krokom: 1/3}"""
    since: Day | None = None
    """The day it came, or is to come. For example: 2024-03-01"""
    site: Ref | None = None
    """Where it stands. For example: hall-ostersund"""
    rack: Ref | None = None
    """The rack, one of the site's. For example: a1"""
    unit: Annotated[int, Field(ge=1, le=60)] | None = None
    """The lowest rack unit that it fills [RU]. For example: 12"""
    height: Annotated[int, Field(ge=1, le=60)] = 1
    """How many units it fills [RU]. For example: 2"""
    runs_on: Ref | None = None
    """The hypervisor that a virtual one runs on. For example: hv-a1-1"""
    state: DeviceState
    """Where it is in its life. For example: active"""
    addresses: dict[Text, InterfaceAddresses] = {}
    """Interface to its addresses; management is where playbooks come in. For example: {server: {ipv4: 10.20.4.11, ipv6: "2001:db8:20:4::11"}}"""
    management: Family | None = None
    """The family by which it is reached. For example: ipv6"""
    macs: tuple[Mac, ...] = ()
    """Its hardware addresses. For example: 02:00:00:00:00:01"""
    host_keys: tuple[
        Annotated[str, Field(pattern=r"^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/=]+$")], ...
    ] = ()
    """Its public ssh host keys. For example: ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFiLDseRyjzUqkUz7jCX+B1DPS107gktfosollk/c1iE"""
    roles: tuple[Ref, ...] = ()
    """What it does; groups in Ansible. For example: web"""
    platform: Text | None = None
    """System and version. For example: debian-12"""
    redundancy_group: Ref | None = None
    """The group that it stands in. For example: bookit"""
    window: Ref | None = None
    """Hours in which work may be done on it. For example: vardagsnatt"""
    vars: dict[str, Any] = {}
    """Free variables for playbooks. For example: {http_port: 8080}"""
    uplinks: tuple[Ref, ...] = ()
    """The devices that its network goes through. For example: sw-a1-1"""
    depends_on: tuple[Ref, ...] = ()
    """Other devices that it needs, such as storage. For example: san-1"""
    enable: SecretRef | None = None
    """The switch's enable secret. For example: vault:are/switch-enable"""
    credentials: SecretRef | None = None
    """The login of whoever reads it. For example: vault:are/switch"""
    ssh: bool | None = None
    """Whether it is logged in to, when its kind does not tell. For example: false"""
    watts: Annotated[int, Field(ge=0)] | None = None
    """Rated power, or the load of a host [W]. For example: 750"""
    amps: Annotated[int, Field(ge=1)] | None = None
    """Rated current [A]. For example: 16"""
    phases: Literal[1, 3] = 1
    """Phases of its feed. For example: 1"""
    volts: int = 230
    """Voltage between phase and neutral [V]. For example: 230"""
    kg: int | None = None
    """Its weight [kg]. For example: 28"""
    fed_by: tuple[Text, ...] = ()
    """What feeds it: an element, or panel/circuit. For example: ups-a"""
    outlets: dict[Text, int] = {}
    """Kind of outlet to how many; numbered on in the order written. For example: {c13: 20, c19: 4}"""
    supplies: dict[Text, Text] = {}
    """Power supply to the outlet it hangs on. For example: {p1: pdu-a1-a/7}"""
    needs_supplies: Annotated[int, Field(ge=1)] = 1
    """How many of its supplies must live. For example: 1"""
    stop: Seconds | None = None
    """How long an orderly stop takes. For example: 180 s"""
    observe: Observe | None = None
    """How a hall device is read."""
    battery: Battery | None = None
    """A UPS's battery."""
    memory_gib: int | None = None
    """Its memory [GiB]. For example: 64"""
    cpus: int | None = None
    """Its processors, or virtual ones. For example: 8"""
    on_decrease: Literal["reset", "wrap-32", "wrap-64", "block"] | None = None
    """What a counter that falls means, when not the meter's own word. For example: reset"""

    @property
    def living(self) -> bool:
        """In service: active or leaving."""
        return self.state in LIVING

    @property
    def reached_by_ssh(self) -> bool:
        """Whether playbooks or netmiko log in to it: hosts, hypervisors, virtuals and network devices, unless `ssh` says otherwise."""
        return (
            self.ssh
            if self.ssh is not None
            else self.kind in {"host", "virtual", "hypervisor", "switch", "router", "firewall"}
        )


NOUN = NounSpec("devices", "device", Device)
