"""tickets: cases of the service desk, from CSV."""

from fractions import Fraction

from samdrift.model.reading import Meter

METER = Meter(
    id="tickets",
    kind="event",
    base="ticket",
    priced="ticket",
    per_priced=Fraction(1_000_000),
    title="Tickets",
    source="csv",
    max_gap_seconds=None,
    gap="carry",
)
