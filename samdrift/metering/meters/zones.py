"""zones: zones that are served, counted from the inventory."""

from fractions import Fraction

from samdrift.model.reading import Meter

METER = Meter(
    id="zones",
    kind="gauge",
    base="zone",
    priced="zone-day",
    per_priced=Fraction(86_400_000),
    title="DNS zones",
    source="inventory",
    max_gap_seconds=None,
    gap="carry",
)
