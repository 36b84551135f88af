"""vcpu: processors of virtual hosts, counted from the inventory."""

from fractions import Fraction

from samdrift.model.reading import Meter

METER = Meter(
    id="vcpu",
    kind="gauge",
    base="vCPU",
    priced="vCPU-h",
    per_priced=Fraction(3_600_000),
    title="Virtual processors",
    source="inventory",
    max_gap_seconds=None,
    gap="carry",
)
