"""rack-units: height of living devices in racks, counted from the inventory."""

from fractions import Fraction

from samdrift.model.reading import Meter

METER = Meter(
    id="rack-units",
    kind="gauge",
    base="RU",
    priced="RU-day",
    per_priced=Fraction(86_400_000),
    title="Rack units",
    source="inventory",
    max_gap_seconds=None,
    gap="carry",
)
