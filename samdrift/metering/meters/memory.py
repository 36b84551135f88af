"""memory: memory of virtual hosts, counted from the inventory."""

from fractions import Fraction

from samdrift.model.reading import Meter

METER = Meter(
    id="memory",
    kind="gauge",
    base="byte",
    priced="GiB-h",
    per_priced=Fraction(2**30 * 3_600_000),
    title="Memory",
    source="inventory",
    max_gap_seconds=None,
    gap="carry",
)
