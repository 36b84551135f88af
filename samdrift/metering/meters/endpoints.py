"""endpoints: endpoints of services, counted from the inventory."""

from fractions import Fraction

from samdrift.model.reading import Meter

METER = Meter(
    id="endpoints",
    kind="gauge",
    base="endpoint",
    priced="endpoint-day",
    per_priced=Fraction(86_400_000),
    title="Endpoints",
    source="inventory",
    max_gap_seconds=None,
    gap="carry",
)
