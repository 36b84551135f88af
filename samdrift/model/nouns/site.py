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
    units: Annotated[int, Field(ge=1, le=60)]
    room: Ref | None = None
    aisle: Ref | None = None
    watts: int | None = None
    kg: int | None = None


class Room(Noun):
    """`ride_through`: how long the room stays within its allowed temperature without cooling."""

    id: Id
    aisles: tuple[Ref, ...] = ()
    ride_through: Seconds | None = None


class Circuit(Noun):
    """A circuit of a panel."""

    phases: Literal[1, 3] = 1
    amps: Annotated[int, Field(ge=1)]
    phase: Literal["l1", "l2", "l3"] | None = None


class PowerElement(Noun):
    """A feed, generator, panel or transfer switch of the building; UPS and PDU are devices. `fed_by` is `element` or `panel/circuit`."""

    id: Id
    kind: Literal["feed", "generator", "panel", "ats"]
    side: Side | None = None
    phases: Literal[1, 3] = 3
    amps: int | None = None
    watts: int | None = None
    volts: int = 230
    fed_by: tuple[Text, ...] = ()
    circuits: dict[str, Circuit] = {}


class CoolingUnit(Noun):
    """A cooling unit, the aisles it serves and what feeds it."""

    id: Id
    watts: Annotated[int, Field(ge=1)]
    aisles: tuple[Ref, ...]
    fed_by: tuple[Text, ...] = ()


class Site(Noun):
    """A hall, disaster site, node or office; `partner` takes over. `prefixes` are those used at the site."""

    id: Id
    name: Text
    kind: Literal["hall", "disaster-site", "node", "office"]
    prefixes: tuple[Prefix, ...]
    partner: Ref | None = None
    racks: tuple[Rack, ...] = ()
    rooms: tuple[Room, ...] = ()
    power: tuple[PowerElement, ...] = ()
    cooling: tuple[CoolingUnit, ...] = ()
    edges: tuple[Ref, ...] = ()
    joint_energy_by: Text = "it-energy"
    latitude: Decimal | None = None
    longitude: Decimal | None = None


NOUN = NounSpec("sites", "site", Site)
