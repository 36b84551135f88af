"""Site: a place with racks, power and cooling (halls.md 5)."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from samdrift.model.fields import Decimal, Id, Noun, Prefix, Ref, Seconds, Text
from samdrift.model.nouns import NounSpec

Side = Literal["a", "b"]


class Rack(Noun):
    """`watts` and `kg` are its limits."""

    id: Id
    """The rack's id at its site. For example: a1"""
    units: Annotated[int, Field(ge=1, le=60)]
    """How many units it has [RU]. For example: 42"""
    room: Ref | None = None
    """The room that it stands in. For example: sal-1"""
    aisle: Ref | None = None
    """The aisle that its front faces. For example: kall-1"""
    watts: int | None = None
    """The most power that it takes [W]. For example: 6000"""
    kg: int | None = None
    """The most weight that it bears [kg]. For example: 900"""


class Room(Noun):
    """`ride_through`: how long the room stays within its allowed temperature without cooling."""

    id: Id
    """The room's id. For example: sal-1"""
    aisles: tuple[Ref, ...] = ()
    """Its cold aisles. For example: kall-1"""
    ride_through: Seconds | None = None
    """How long it stays cool enough without cooling. For example: 7 min"""


class Circuit(Noun):
    """A circuit of a panel."""

    phases: Literal[1, 3] = 1
    """Its phases. For example: 3"""
    amps: Annotated[int, Field(ge=1)]
    """Its fuse [A]. For example: 32"""
    phase: Literal["l1", "l2", "l3"] | None = None
    """Which phase, when it has one. For example: l1"""


class PowerElement(Noun):
    """A feed, generator, panel or transfer switch of the building; UPS and PDU are devices. `fed_by` is `element` or `panel/circuit`."""

    id: Id
    """The element's id, unique over all sites and devices. For example: panel-a"""
    kind: Literal["feed", "generator", "panel", "ats"]
    """What it is. For example: panel"""
    side: Side | None = None
    """The side that it belongs to. For example: a"""
    phases: Literal[1, 3] = 3
    """Its phases. For example: 3"""
    amps: int | None = None
    """Rated current a phase [A]. For example: 63"""
    watts: int | None = None
    """Rated power [W]. For example: 40000"""
    volts: int = 230
    """Voltage between phase and neutral [V]. For example: 230"""
    fed_by: tuple[Text, ...] = ()
    """What feeds it: an element, or panel/circuit. For example: feed-a"""
    circuits: dict[str, Circuit] = {}
    """A panel's circuits by id. For example: {k1: {phases: 3, amps: 32}}"""


class CoolingUnit(Noun):
    """A cooling unit, the aisles it serves and what feeds it."""

    id: Id
    """The unit's id, unique over all sites and devices. For example: kyl-1"""
    watts: Annotated[int, Field(ge=1)]
    """Rated cooling power [W]. For example: 20000"""
    aisles: tuple[Ref, ...]
    """The aisles that it cools. For example: kall-1"""
    fed_by: tuple[Text, ...] = ()
    """What feeds it: an element, or panel/circuit. For example: panel-a/k2"""


class Site(Noun):
    """A hall, disaster site, node or office; `partner` takes over. `prefixes` are those used at the site."""

    id: Id
    """The site's id, stable for ever. For example: hall-ostersund"""
    name: Text
    """What people call it. For example: Gemensamma serverhallen i Östersund"""
    kind: Literal["hall", "disaster-site", "node", "office"]
    """What it is. For example: hall"""
    prefixes: tuple[Prefix, ...]
    """Prefixes in use there. For example: 10.20.0.0/18"""
    partner: Ref | None = None
    """The site that takes over. For example: hall-are"""
    racks: tuple[Rack, ...] = ()
    """Its racks."""
    rooms: tuple[Room, ...] = ()
    """Its rooms."""
    power: tuple[PowerElement, ...] = ()
    """Feeds, generators, panels and transfer switches."""
    cooling: tuple[CoolingUnit, ...] = ()
    """Its cooling units."""
    edges: tuple[Ref, ...] = ()
    """Routers by which it is reached. For example: rt-ost-1"""
    joint_energy_by: Text = "it-energy"
    """By what joint energy is shared. For example: it-energy"""
    latitude: Decimal | None = None
    """Degrees north, WGS 84 [degrees]. For example: 63.179"""
    longitude: Decimal | None = None
    """Degrees east, WGS 84 [degrees]. For example: 14.636"""


NOUN = NounSpec("sites", "site", Site)
