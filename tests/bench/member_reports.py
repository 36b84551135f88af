"""Makes N members' monthly reports as PDF and workbook, as the month of 290 members would; prints their bytes and the CPU seconds spent on them."""

from __future__ import annotations

import random
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime
from fractions import Fraction
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from samdrift.metering.report import usage_section  # noqa: E402 - the folder above is not installed
from samdrift.model.reading import Usage  # noqa: E402
from samdrift.model.section import Report  # noqa: E402
from samdrift.model.text import Text  # noqa: E402
from samdrift.reports.pdf import render_pdf  # noqa: E402
from samdrift.reports.xlsx import render_xlsx  # noqa: E402
from tests.unit.costs import reports_made  # noqa: E402
from tests.unit.costs.ledgers import line  # noqa: E402

MADE = datetime(2026, 11, 3, 9, tzinfo=UTC)
MEMBERS = 290
RESOURCES = 40
SEED = 20261103


def report(number: int, chance: random.Random) -> Report:
    """One member's report: cost, year, corrections, the shares of all 290, and the use of 40 resources."""
    text = Text("sv")
    usage = [
        Usage(
            meter=meter, resource=f"resurs-{number:03d}-{each:03d}", member="are", start=MADE, end=MADE, quantity_base=Fraction(chance.randrange(10**12)),
            quantity=Fraction(chance.randrange(10**6), 997), unit=unit, measured_seconds=Fraction(2_678_400), estimated_seconds=Fraction(0), unmeasured_seconds=Fraction(0),
            estimated_base=Fraction(0), simulated_base=Fraction(0), samples=744, duplicates=0, conflicts=0, resets=0, gaps=(),
        )
        for each in range(RESOURCES)
        for meter, unit in [chance.choice([("energy-it", "kWh"), ("backup-volume", "GiB-day")])]
    ]  # fmt: skip
    rest = [line(f"medlem-{each:03d}", chance.randrange(10**8)) for each in range(MEMBERS - len(reports_made.NAMES))]
    sections = (*reports_made.member_sections(text, reports_made.month(10, *rest)), usage_section(usage, frozenset({"are"}), text))
    whole = Report(
        f"2026-10-m{number:03d}", f"Medlem {number}: månadsrapport 2026-10", "sv", sections[0].sentences[0], "Ekonomi", "2026-10", MADE, MADE, "exakt", "samdrift", sections,
        "ekonom@region-jh.example",
    )  # fmt: skip
    return replace(whole, figures=(("Månadens kostnad", "200 000,00 kr"),))


def main() -> int:
    """The number of reports is the only argument."""
    chance = random.Random(SEED)
    began, size = time.process_time(), 0
    for number in range(int(sys.argv[1])):
        made = report(number, chance)
        size += len(render_pdf(made)) + len(render_xlsx(made))
    print(f"{size} bytes, {time.process_time() - began:.2f} CPU s")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
