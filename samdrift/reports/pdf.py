"""A report as a tagged PDF (PDF/UA-1) by WeasyPrint: title, language, headings of tables; the same report gives the same bytes (interface.md U36)."""

from __future__ import annotations

from samdrift.model.section import Report
from samdrift.reports.html import render_print


def render_pdf(report: Report) -> bytes:
    """The PDF's bytes. Nothing is fetched: the page is complete by itself."""
    import weasyprint

    document = weasyprint.HTML(string=render_print(report), url_fetcher=_nothing)
    made = document.write_pdf(pdf_variant="pdf/ua-1", full_fonts=False)
    assert isinstance(made, bytes)
    return made


def _nothing(url: str) -> dict[str, bytes]:
    raise ValueError(f"a report asks nowhere else, and not {url}")
