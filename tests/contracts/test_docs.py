"""Pages of the documentation lead to what is there, and say for whom they are."""

from __future__ import annotations

import re

from tests.contracts.folders import ROOT, shown

LINK = re.compile(r"\]\(([^)\s#]+)(#[^)\s]*)?\)")


def pages():
    return [ROOT / name for name in ("README.md", "SECURITY.md")] + sorted((ROOT / "docs").rglob("*.md"))


def test_every_link_leads_somewhere():
    dead = [
        f"{shown(page)}: {target}"
        for page in pages()
        for target, _ in LINK.findall(page.read_text(encoding="utf-8"))
        if "://" not in target and not (page.parent / target).exists()
    ]
    assert not dead, "\n".join(dead)


def test_every_page_says_for_whom_it_is():
    silent = [
        shown(page)
        for page in pages()
        if "schemas" not in page.parts
        and not re.search(
            r"\b[Ff]or (operations|the |who|an |a |every|members|economists)", page.read_text(encoding="utf-8")[:900]
        )
    ]
    assert not silent, "\n".join(silent)


def test_threats_are_shown_by_tests_that_exist():
    page = (ROOT / "docs" / "threat-model.md").read_text(encoding="utf-8")
    named = re.findall(r"\(\.\./(tests/[^)]+)\)", page)
    assert len(named) >= 10
    assert not [
        name
        for name in named
        if not re.search(r"^(async )?def test_", (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
    ]
