"""A chart as inline SVG: no script, no style attribute, readable in grey; its data stand in a table below it (interface.md U28, U31)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from html import escape

from samdrift.model import wording
from samdrift.model.outside_text import harmless
from samdrift.model.section import Chart, Column
from samdrift.model.text import Language, Text
from samdrift.reports.cells import shown

WIDTH, HEIGHT = 720, 280
LEFT, RIGHT, TOP, BOTTOM = 76, 8, 18, 30
ROW, NAME, LABEL = 30, 210, 110
INK, SOFT, LINE, BAR, MARK = "#1c2733", "#4b5763", "#c9d1d9", "#1f5a94", "#1c2733"
"""Presentation attributes, for the printed page; the page's style takes over by class and follows dark mode."""
FONT = 'font-family="Open Sans, DejaVu Sans, sans-serif"'
TICKS = 4
TEN = 10


@dataclass(frozen=True, slots=True)
class Bar:
    """One label with its value and, where there is one, its mark; None is unknown."""

    label: str
    value: Fraction | None
    mark: Fraction | None
    words: str


def svg(chart: Chart, text: Text) -> str:
    """The chart's picture; every value is also written beside its bar, so that nothing hangs on a shade."""
    bars = _bars(chart, text)
    column = next(each for each in chart.table.columns if each.key == chart.value)
    inner, height = _lying(bars) if chart.lying else (_standing(bars, column, text.language), HEIGHT)
    name = escape(chart.id, quote=True)
    return (
        f'<svg class="plot" role="img" aria-labelledby="{name}-t {name}-d" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" {FONT} font-size="12">'
        f'<title id="{name}-t">{escape(harmless(chart.title))}</title><desc id="{name}-d">{escape(harmless(chart.description))}</desc>{inner}</svg>'
    )


def _bars(chart: Chart, text: Text) -> list[Bar]:
    keys = [column.key for column in chart.table.columns]
    label, value = keys.index(chart.label), keys.index(chart.value)
    mark = keys.index(chart.mark) if chart.mark else None
    found = []
    for row in chart.table.rows:
        number = row[value]
        known = Fraction(number) if isinstance(number, int | Fraction) else None
        marked = row[mark] if mark is not None else None
        found.append(
            Bar(
                shown(row[label], chart.table.columns[label], text),
                known,
                Fraction(marked) if isinstance(marked, int | Fraction) else None,
                shown(number, chart.table.columns[value], text),
            )
        )
    return found


def step(reach: Fraction) -> Fraction:
    """A round distance between grid lines: 1, 2 or 5 times a power of ten, at most TICKS of them up to `reach`."""
    if reach <= 0:
        return Fraction(1)
    size = Fraction(1)
    while size * TICKS < reach:
        size *= TEN
    while size * TICKS >= reach * TEN:
        size /= TEN
    return next(size * part for part in (Fraction(1, 5), Fraction(1, 2), Fraction(1)) if size * part * TICKS >= reach)


def _standing(bars: Sequence[Bar], column: Column, language: Language) -> str:
    known = [each for bar in bars for each in (bar.value, bar.mark) if each is not None]
    high, low = max([*known, Fraction(0)]), min([*known, Fraction(0)])
    distance = step(max(high, -low))
    top, bottom = -(-high // distance) * distance, (low // distance) * distance
    top = top if top > bottom else bottom + distance
    space = HEIGHT - TOP - BOTTOM

    def y(value: Fraction) -> int:
        return int(TOP + (top - value) * space / (top - bottom))

    parts = []
    line = bottom
    while line <= top:
        strong = INK if line == 0 else LINE
        parts.append(f'<path class="{"axis" if line == 0 else "grid"}" d="M{LEFT} {y(line)}H{WIDTH - RIGHT}" stroke="{strong}" fill="none"/>')
        parts.append(_words(LEFT - 8, y(line) + 4, _tick(line, column, language), "end", SOFT, "soft"))
        line += distance
    if not bars:
        return "".join(parts)
    each = Fraction(WIDTH - LEFT - RIGHT, len(bars))
    wide = int(each * 62 / 100)
    for place, bar in enumerate(bars):
        x = int(LEFT + place * each + (each - wide) / 2)
        middle = x + wide // 2
        parts.append(_words(middle, HEIGHT - 10, bar.label, "middle", INK, "ink"))
        if bar.value is None:
            parts.append(_words(middle, y(Fraction(0)) - 6, "–", "middle", SOFT, "soft"))
            continue
        upper, lower = sorted((y(bar.value), y(Fraction(0))))
        parts.append(f'<rect class="bar" x="{x}" y="{upper}" width="{wide}" height="{lower - upper}" fill="{BAR}"/>')
        parts.append(_words(middle, upper - 5 if bar.value >= 0 else lower + 13, _tick(bar.value, column, language), "middle", INK, "ink", 10))
        if bar.mark is not None:
            parts.append(f'<path class="mark" d="M{x - 4} {y(bar.mark)}h{wide + 8}" stroke="{MARK}" stroke-width="3" stroke-dasharray="5 2" fill="none"/>')
    return "".join(parts)


def _lying(bars: Sequence[Bar]) -> tuple[str, int]:
    known = [abs(each) for bar in bars for each in (bar.value, bar.mark) if each is not None]
    reach = max([*known, Fraction(1)])
    room = WIDTH - NAME - LABEL - 20
    parts = []
    for place, bar in enumerate(bars):
        y = 6 + place * ROW
        parts.append(_words(NAME - 10, y + 15, bar.label, "end", INK, "ink"))
        if bar.value is None:
            parts.append(_words(NAME + 4, y + 15, bar.words, "start", SOFT, "soft"))
            continue
        long = int(abs(bar.value) * room / reach)
        pattern = ' stroke-dasharray="4 2"' if bar.value < 0 else ""
        fill = "none" if bar.value < 0 else BAR
        parts.append(f'<rect class="{"credit" if bar.value < 0 else "bar"}" x="{NAME}" y="{y}" width="{long}" height="20" fill="{fill}" stroke="{BAR}"{pattern}/>')
        right = long
        if bar.mark is not None:
            at = int(abs(bar.mark) * room / reach)
            parts.append(f'<path class="mark" d="M{NAME + at} {y - 3}v26" stroke="{MARK}" stroke-width="3" fill="none"/>')
            right = at if long - 4 <= at <= long + LABEL else long
        parts.append(_words(NAME + right + 8, y + 15, bar.words, "start", INK, "ink"))
    parts.append(f'<path class="axis" d="M{NAME} 0V{6 + len(bars) * ROW - 4}" stroke="{INK}" fill="none"/>')
    return "".join(parts), 8 + max(len(bars), 1) * ROW


def _words(x: int, y: int, words: str, anchor: str, colour: str, kind: str, size: int = 12) -> str:
    smaller = f' font-size="{size}"' if size != 12 else ""
    return f'<text class="{kind}" x="{x}" y="{y}" text-anchor="{anchor}" fill="{colour}"{smaller}>{escape(harmless(words))}</text>'


def _tick(value: Fraction, column: Column, language: Language) -> str:
    """A short number beside a bar or grid line: whole kronor, hours, or per cent."""
    if column.kind == "money":
        return wording.number(value / 100, 0, language)
    if column.kind == "percent":
        return wording.percent(value, 1, language)
    return wording.number(value, 0 if value.denominator == 1 else 2, language)
