"""Every page type, in both languages, both themes and with full, empty, stale and faulty data, has no violation (interface.md U27-U32, U39)."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules

import pytest

import tests.accessibility.pages as package
from samdrift.model.outside_text import HARMFUL
from tests.accessibility.structure import complaints

TYPES = sorted(info.name for info in iter_modules(package.__path__))
VARIANTS = ("full", "empty", "stale", "faulty")
# axe cannot decide these, and why that is no fault: rule -> reason
UNDECIDED: dict[str, str] = {}
WIDTH = "[document.documentElement.scrollWidth, document.documentElement.clientWidth].join(' ')"


@pytest.fixture(scope="module", params=[f"{kind}-{language}" for kind in TYPES for language in ("sv", "en")])
def pages(request, tmp_path_factory):
    """Variant to (html, address) of one page type in one language."""
    kind, language = request.param.rsplit("-", 1)
    folder = tmp_path_factory.mktemp(request.param)
    found = {}
    for variant, html in import_module(f"{package.__name__}.{kind}").variants(language).items():
        path = folder / f"{variant}.html"
        path.write_bytes(html)
        found[variant] = (html.decode("utf-8"), path.as_uri())
    return found


@pytest.mark.parametrize("variant", VARIANTS)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing(browser, pages, variant, scheme):
    said = browser.look(pages[variant][1], scheme).complaints(known_incomplete=tuple(UNDECIDED))
    assert not said, "\n".join(said)


@pytest.mark.parametrize("variant", VARIANTS)
def test_the_structure_is_whole(pages, variant):
    said = complaints(pages[variant][0])
    assert not said, "\n".join(said)


@pytest.mark.parametrize("variant", VARIANTS)
def test_at_320_pixels_nothing_scrolls_sideways(browser, pages, variant):
    browser.open(pages[variant][1], width=320)
    inner, outer = map(int, browser.evaluate(WIDTH).split())
    assert inner <= outer, f"the page is {inner} pixels wide in a view of {outer}"


@pytest.mark.parametrize("variant", VARIANTS)
def test_without_script_the_text_is_the_same(browser, pages, variant):
    browser.open(pages[variant][1])
    with_script = browser.evaluate("document.body.innerText")
    browser.open(pages[variant][1], scripts=False)
    assert browser.evaluate("document.body.innerText") == with_script


def test_hostile_text_is_shown_as_text(browser, pages):
    browser.open(pages["faulty"][1])
    verdict = browser.examine()
    assert not verdict.foreign
    assert not verdict.console
    assert browser.evaluate("document.querySelectorAll('main script, main img').length") == 0
    assert not HARMFUL.search(pages["faulty"][0].replace("\n", "")), (
        "a control or bidirectional character is raw in the page"
    )
