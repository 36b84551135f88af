"""printed-pages: life count of a printer by SNMP (Printer-MIB, RFC 3805), from a selector of meters.yml or CSV."""

from fractions import Fraction

from samdrift.model.reading import Meter

METER = Meter(
    id="printed-pages",
    kind="counter",
    base="page",
    priced="page",
    per_priced=Fraction(1),
    title="Printed pages",
    source="prometheus",
    max_gap_seconds=26 * 3600,
    gap="carry",
)
