"""network-traffic: octets of a member's interface by SNMP (IF-MIB, RFC 2863), from a selector of meters.yml."""

from fractions import Fraction

from samdrift.model.reading import Meter

METER = Meter(
    id="network-traffic",
    kind="counter",
    base="byte",
    priced="GiB",
    per_priced=Fraction(2**30),
    title="Network traffic",
    source="prometheus",
    max_gap_seconds=2 * 3600,
    gap="carry",
    on_decrease="wrap-64",
)
