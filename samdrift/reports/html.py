"""A report as one HTML file, complete by itself: WCAG 2.1 AA by structure (interface.md U27-U32, U38)."""

from __future__ import annotations

from fractions import Fraction
from functools import cache

from jinja2 import Environment, StrictUndefined, Template

from samdrift.model import wording
from samdrift.model.finding import Status
from samdrift.model.outside_text import harmless
from samdrift.model.section import Cell, Column, Report, Table
from samdrift.model.text import Text
from samdrift.reports.cells import NUMERIC, shown
from samdrift.reports.chart import svg
from samdrift.reports.facts import facts_of, until_of
from samdrift.reports.style import CSS, PAPER, policy

PAGE = """{% macro line(table, row) %}<tr>{% for column, cell in columns(table, row) %}{% if loop.first %}<th scope="row">{{ show(cell, column) }}</th>{% else %}<td{{ look(cell, column) }}>{{ show(cell, column) }}</td>{% endif %}{% endfor %}</tr>{% endmacro -%}
{% macro data(table, title) %}
<section class="wide{{ short(table) }}" tabindex="0" aria-label="{{ t("report.table") }}: {{ table.caption }} ({{ title }})">
<table{{ width(table) }}>
<caption>{{ table.caption }}</caption>
<thead><tr>
{%- for column in table.columns %}<th scope="col"{{ number(column) }}>{{ heading(column) }}</th>{% endfor -%}
</tr></thead>
<tbody>
{%- for row in table.rows[:-1] %}
{{ line(table, row) }}
{%- endfor %}
{%- if not table.rows %}
<tr><td colspan="{{ table.columns|length }}">{{ t("report.empty") }}</td></tr>
{%- endif %}
</tbody>
{%- if table.rows %}
<tbody class="end">
{{ line(table, table.rows[-1]) }}
{%- if table.totals %}
<tr class="total">{% for column, cell in columns(table, table.totals) %}{% if loop.first %}<th scope="row">{{ cell }}</th>{% else %}<td{{ look(cell, column) }}>{{ "" if cell is none else show(cell, column) }}</td>{% endif %}{% endfor %}</tr>
{%- endif %}
</tbody>
{%- endif %}
</table>
</section>
{%- endmacro -%}
<!DOCTYPE html>
<html lang="{{ report.language }}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{{ policy }}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ report.title }}</title>
<style>{{ css|safe }}</style>
</head>
<body>
<a class="skip" href="#content">{{ t("report.skip") }}</a>
<header>
<p><span class="brand">samdrift</span> <span class="kind">{{ t("report.kind") }}</span></p>
</header>
<main id="content">
<h1>{{ report.title }}</h1>
<p class="says">{{ report.says }}</p>
{%- if report.figures %}
<dl class="figures">
{%- for name, value in report.figures %}
<div><dt>{{ name }}</dt><dd>{{ value }}</dd></div>
{%- endfor %}
</dl>
{%- endif %}
<dl class="facts">
{%- for name, value in facts %}
<dt>{{ name }}</dt><dd>{{ value }}</dd>
{%- endfor %}
</dl>
<nav aria-label="{{ t("report.contents") }}">
<ul>
{%- for section in report.sections %}
<li><a href="#{{ section.id }}">{{ section.title }}</a></li>
{%- endfor %}
</ul>
</nav>
{%- for section in report.sections %}
<section aria-labelledby="{{ section.id }}"{{ broad(section) }}>
<h2 id="{{ section.id }}">{{ section.title }}</h2>
{%- for sentence in section.sentences %}
<p>{{ sentence }}</p>
{%- endfor %}
{%- for missing in section.missing %}
<p class="missing">{{ t("report.missing") }}: {{ missing }}</p>
{%- endfor %}
{%- for chart in section.charts %}
<figure>
<figcaption>{{ chart.title }}<span class="note">{{ chart.description }}</span></figcaption>
<section class="wide" tabindex="0" aria-label="{{ t("report.chart") }}: {{ chart.title }} ({{ section.title }})">{{ picture(chart) }}</section>
</figure>
{{ data(chart.table, section.title) }}
{%- endfor %}
{%- for table in section.tables %}
{{ data(table, section.title) }}
{%- endfor %}
</section>
{%- endfor %}
</main>
<footer>
<p>{{ t("report.contact") }}: {{ report.contact }}</p>
<p>{{ t("report.made") }} {{ made }}. {{ t("report.data-until") }} {{ until }}.</p>
</footer>
</body>
</html>
"""
SHORT_ROWS = 8
"""A table of at most so many rows is kept on one page of paper."""
MANY_COLUMNS, BROAD_COLUMNS = 7, 10
"""From so many columns a table is set smaller on paper, and its section on its side."""


def _harmless(value: object) -> object:
    return harmless(value) if type(value) is str else value


@cache
def _template() -> Template:
    return Environment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True, finalize=_harmless).from_string(PAGE)


def render_html(report: Report) -> bytes:
    """The report as UTF-8 HTML: no script, no request elsewhere, no cookie; the same report gives the same bytes."""
    return _page(report, "").encode()


def render_print(report: Report) -> str:
    """The same page with the style of paper added: running title, page numbers, letters of its own; for the PDF."""
    return _page(report, PAPER)


def _page(report: Report, more: str) -> str:
    from markupsafe import Markup

    text = Text(report.language)
    return _template().render(
        report=report, t=text, css=CSS + more, policy=policy(), facts=facts_of(report, text), until=until_of(report, text), made=wording.instant(report.made_at, report.language),
        number=_number_class, heading=_heading, look=_look, columns=_columns, show=lambda cell, column: shown(cell, column, text),
        short=lambda table: " short" if len(table.rows) <= SHORT_ROWS else "",
        width=lambda table: Markup(' class="many"') if len(table.columns) >= MANY_COLUMNS else "",
        broad=lambda section: Markup(' class="broad"') if any(_breadth(table) >= BROAD_COLUMNS for table in section.all_tables) else "",
        picture=lambda chart: Markup(svg(chart, text)),  # noqa: S704 - our own builder, which escapes every text
    )  # fmt: skip


def _columns(table: Table, row: tuple[Cell, ...]) -> list[tuple[Column, Cell]]:
    return list(zip(table.columns, row, strict=True))


def _breadth(table: Table) -> Fraction:
    """Columns, those of whole numbers counted half."""
    return sum((Fraction(1, 2) if column.kind in {"integer", "percent"} else Fraction(1) for column in table.columns), Fraction(0))


def _heading(column: Column) -> str:
    return f"{column.heading} ({column.unit})" if column.unit else column.heading


def _number_class(column: Column) -> str:
    from markupsafe import Markup

    return Markup(' class="number"') if column.kind in NUMERIC else ""


def _look(cell: Cell, column: Column) -> str:
    from markupsafe import Markup

    if isinstance(cell, Status):
        return Markup(f' class="state {cell.value}"')  # noqa: S704 - the value of our own enum
    return _number_class(column)
