"""energy-cooling: electrical energy of a hall's cooling, from its energy counters (halls.md H8)."""

from fractions import Fraction

from samdrift.model.reading import Meter

METER = Meter(
    id="energy-cooling",
    kind="counter",
    base="Wh",
    priced="kWh",
    per_priced=Fraction(1000),
    title="Cooling energy",
    source="halls",
    max_gap_seconds=2 * 3600,
    gap="carry",
)
