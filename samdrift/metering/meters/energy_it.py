"""energy-it: electrical energy of IT equipment, from energy counters of PDUs or supplies (halls.md H7, H8)."""

from fractions import Fraction

from samdrift.model.reading import Meter

METER = Meter(
    id="energy-it",
    kind="counter",
    base="Wh",
    priced="kWh",
    per_priced=Fraction(1000),
    title="IT energy",
    source="halls",
    max_gap_seconds=2 * 3600,
    gap="carry",
    on_decrease="block",
)
