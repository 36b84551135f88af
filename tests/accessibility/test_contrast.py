"""Contrast of every colour of the style on every ground, both themes: what axe cannot see inside a chart is computed here (interface.md U40)."""

import re

import pytest

from samdrift.reports import chart
from samdrift.reports.style import CSS

TEXT = ("ink", "soft", "link", "ok", "warning", "failure", "unknown")
MARKS = ("bar", "line", "link", "ink")
GROUNDS = ("ground", "band")


def themes():
    light, dark, *_ = [dict(re.findall(r"--([a-z]+):(#[0-9a-f]{3,6})", block)) for block in re.findall(r":root\{([^}]*)\}", CSS)]
    return {"light": light, "dark": {**light, **dark}}


def luminance(colour):
    """WCAG 2.1: relative luminance."""
    digits = colour.lstrip("#")
    digits = "".join(digit * 2 for digit in digits) if len(digits) == 3 else digits
    parts = [int(digits[place : place + 2], 16) / 255 for place in (0, 2, 4)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_has_four_and_a_half_to_one_and_marks_three_to_one(theme):
    colours = themes()[theme]
    poor = [f"{name} on {ground}: {contrast(colours[name], colours[ground]):.2f}" for ground in GROUNDS for name in TEXT if contrast(colours[name], colours[ground]) < 4.5]
    poor += [f"{name} on {ground}: {contrast(colours[name], colours[ground]):.2f}" for ground in GROUNDS for name in MARKS if contrast(colours[name], colours[ground]) < 3]
    assert poor == []


def test_a_chart_on_paper_is_read_in_grey():
    """The attributes that print uses: text on white, bars on white, and a mark that is told from a bar by its shade."""
    assert contrast(chart.INK, "#fff") >= 4.5
    assert contrast(chart.SOFT, "#fff") >= 4.5
    assert contrast(chart.BAR, "#fff") >= 3
    assert contrast(chart.MARK, chart.BAR) >= 1.9


def test_the_formula_is_wcags():
    assert round(contrast("#000", "#fff"), 1) == 21.0
    assert round(contrast("#767676", "#fff"), 2) == 4.54
