"""The board's monthly report and the exported ledger: budget chart with marks, exceptions, documents, many lines."""

from __future__ import annotations

from datetime import timedelta

from samdrift.model.text import Text
from samdrift.reports.html import render_html
from tests.accessibility.pages.report import HOSTILE, MADE, report
from tests.unit.costs import reports_made


def variants(language):
    text = Text(language)
    full = (*reports_made.board_sections(text), *reports_made.ledger_of(text))
    return {
        "full": render_html(report(language, full)),
        "empty": render_html(report(language, (), data_until=None)),
        "stale": render_html(report(language, full, data_until=MADE - timedelta(days=40))),
        "faulty": render_html(report(language, reports_made.board_sections(text, trouble=HOSTILE))),
    }
