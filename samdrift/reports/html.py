"""A report as one HTML file, complete by itself: WCAG 2.1 AA by structure (interface.md U27-U32, U38)."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, StrictUndefined, Template

from samdrift.model import wording
from samdrift.model.finding import Status
from samdrift.model.outside_text import harmless
from samdrift.model.section import Cell, Column, Report, Table
from samdrift.model.text import Text
from samdrift.reports.cells import NUMERIC, shown
from samdrift.reports.style import CSS, policy

PAGE = """<!DOCTYPE html>
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
<p>samdrift</p>
</header>
<nav aria-label="{{ t("report.contents") }}">
<ul>
{%- for section in report.sections %}
<li><a href="#{{ section.id }}">{{ section.title }}</a></li>
{%- endfor %}
</ul>
</nav>
<main id="content">
<h1>{{ report.title }}</h1>
<p class="says">{{ report.says }}</p>
<dl>
{%- for name, value in facts %}
<dt>{{ name }}</dt><dd>{{ value }}</dd>
{%- endfor %}
</dl>
{%- for section in report.sections %}
<section aria-labelledby="{{ section.id }}">
<h2 id="{{ section.id }}">{{ section.title }}</h2>
{%- for sentence in section.sentences %}
<p>{{ sentence }}</p>
{%- endfor %}
{%- for missing in section.missing %}
<p class="missing">{{ t("report.missing") }}: {{ missing }}</p>
{%- endfor %}
{%- for table in section.tables %}
<div class="wide" role="region" tabindex="0" aria-labelledby="{{ table.id }}-caption">
<table>
<caption id="{{ table.id }}-caption">{{ table.caption }}</caption>
<thead><tr>
{%- for column in table.columns %}<th scope="col"{{ number(column) }}>{{ heading(column) }}</th>{% endfor -%}
</tr></thead>
<tbody>
{%- for row in table.rows %}
<tr>{% for column, cell in columns(table, row) %}{% if loop.first %}<th scope="row">{{ show(cell, column) }}</th>{% else %}<td{{ look(cell, column) }}>{{ show(cell, column) }}</td>{% endif %}{% endfor %}</tr>
{%- else %}
<tr><td colspan="{{ table.columns|length }}">{{ t("report.empty") }}</td></tr>
{%- endfor %}
</tbody>
{%- if table.totals %}
<tfoot><tr>{% for column, cell in columns(table, table.totals) %}{% if loop.first %}<th scope="row">{{ cell }}</th>{% else %}<td{{ look(cell, column) }}>{{ "" if cell is none else show(cell, column) }}</td>{% endif %}{% endfor %}</tr></tfoot>
{%- endif %}
</table>
</div>
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


def _harmless(value: object) -> object:
    return harmless(value) if type(value) is str else value


@cache
def _template() -> Template:
    return Environment(autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True, finalize=_harmless).from_string(PAGE)


def render_html(report: Report) -> bytes:
    """The report as UTF-8 HTML: no script, no request elsewhere, no cookie; the same report gives the same bytes."""
    text = Text(report.language)
    until = wording.instant(report.data_until) if report.data_until else text("report.unknown")
    facts = [
        (text("report.for-whom"), report.audience),
        (text("report.period"), report.period),
        (text("report.data-until"), until),
        (text("report.method"), report.method),
        (text("report.version"), report.version),
        *report.facts.items(),
        (text("report.missing"), _missing(report, text)),
    ]
    page = _template().render(
        report=report, t=text, css=CSS, policy=policy(), facts=facts, until=until, made=wording.instant(report.made_at),
        number=_number_class, heading=_heading, look=_look, columns=_columns, show=lambda cell, column: shown(cell, column, text),
    )  # fmt: skip
    return page.encode()


def _missing(report: Report, text: Text) -> str:
    missing = [each for section in report.sections for each in section.missing]
    return "; ".join(missing) if missing else text("report.nothing-missing")


def _columns(table: Table, row: tuple[Cell, ...]) -> list[tuple[Column, Cell]]:
    return list(zip(table.columns, row, strict=True))


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
