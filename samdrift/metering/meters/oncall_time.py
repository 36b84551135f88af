"""oncall-time: hours of duty, from the rota's shifts."""

from fractions import Fraction

from samdrift.model.reading import Meter

METER = Meter(
    id="oncall-time",
    kind="interval",
    base="s",
    priced="h",
    per_priced=Fraction(3600 * 1_000_000),
    title="On-call time",
    source="alerting",
    max_gap_seconds=None,
    gap="carry",
)
