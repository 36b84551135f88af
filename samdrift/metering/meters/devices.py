"""devices: living devices, counted from the inventory."""

from fractions import Fraction

from samdrift.model.reading import Meter

METER = Meter(
    id="devices",
    kind="gauge",
    base="device",
    priced="device-day",
    per_priced=Fraction(86_400_000),
    title="Devices",
    source="inventory",
    max_gap_seconds=None,
    gap="carry",
)
