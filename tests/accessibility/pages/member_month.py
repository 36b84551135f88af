"""A member's monthly report as the costs room gives it: charts, lines, documents, corrections, shares."""

from __future__ import annotations

from datetime import timedelta

from samdrift.model.section import Section
from samdrift.model.text import Text
from samdrift.reports.html import render_html
from tests.accessibility.pages.report import HOSTILE, MADE, report
from tests.unit.costs import reports_made
from tests.unit.costs.ledgers import ledger, line

FIGURES = (("Månadens kostnad", "200 000,00 kr"), ("Faktureras", "212 345,67 kr"), ("Hittills", "760 000,00 kr"))


def variants(language):
    text = Text(language)
    full = reports_made.member_sections(text)
    hostile = [*reports_made.member_sections(text, in_advance=True, decision=HOSTILE), Section("object", HOSTILE, (HOSTILE,))]
    return {
        "full": render_html(report(language, full, figures=FIGURES, facts={"Kontrollsumma": "c0" * 32})),
        "empty": render_html(report(language, reports_made.member_sections(text, ledger(line("krokom", 0))), data_until=None)),
        "stale": render_html(report(language, full, data_until=MADE - timedelta(days=40))),
        "faulty": render_html(report(language, hostile, figures=((HOSTILE, HOSTILE),))),
    }
