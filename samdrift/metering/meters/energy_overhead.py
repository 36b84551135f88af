"""energy-overhead: electrical energy of a hall that is neither IT nor cooling: losses, light, access (halls.md H8)."""

from fractions import Fraction

from samdrift.model.reading import Meter

METER = Meter(
    id="energy-overhead",
    kind="counter",
    base="Wh",
    priced="kWh",
    per_priced=Fraction(1000),
    title="Overhead energy",
    source="halls",
    max_gap_seconds=2 * 3600,
    gap="carry",
)
