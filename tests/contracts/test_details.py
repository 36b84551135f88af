"""Every message that a compliance check writes is told in Swedish too, and no detail stands that no check says (interface.md U14)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from itertools import product
from string import Formatter

from samdrift.model.finding_words import told
from samdrift.model.text import catalogue
from tests.contracts.folders import PACKAGE

ROOM = PACKAGE / "compliance"
SAYS = {"note": 1, "unknown": 1, "found": 1, "undetermined": 1, "not_applicable": 0}
"""Calls that write a finding, and which argument its message is."""
PHRASES = frozenset({"why", "where", "how", "said", "what", "message", "text"})
"""Names of values that are phrases of their own: what they make is seen by the cases (tests/cases/test_checks.py)."""


def written(node: ast.expr) -> list[str] | None:
    """The messages that an expression can give, values as `x1`; None where the source alone does not show it."""
    if isinstance(node, ast.Constant):
        return [str(node.value)]
    if isinstance(node, ast.IfExp):
        found = [written(node.body), written(node.orelse)]
        return None if None in found else [text for texts in found for text in texts or ()]
    if not isinstance(node, ast.JoinedStr):
        return None
    pieces: list[list[str]] = []
    for part in node.values:
        value = part.value if isinstance(part, ast.FormattedValue) else part
        if isinstance(value, ast.Name) and value.id in PHRASES:
            return None
        pieces.append((written(value) if isinstance(value, ast.Constant | ast.IfExp) else None) or ["x1"])
    return ["".join(one) for one in product(*pieces)]


def messages() -> Iterator[tuple[str, str]]:
    for path in sorted(ROOM.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in SAYS and len(node.args) > SAYS[node.func.attr]:
                for text in written(node.args[SAYS[node.func.attr]]) or ():
                    yield f"{path.name}:{node.lineno}", text


def test_every_message_in_the_source_is_told_in_swedish():
    found = list(messages())
    assert len(found) > 200
    missing = [f"{place}: {text}" for place, text in found if told(text) is None]
    assert not missing, "give it a row in samdrift/model/text/detail_*.py:\n" + "\n".join(missing)


def test_every_detail_is_said_by_some_check():
    source = "\n".join(path.read_text(encoding="utf-8") for folder in ("compliance", "operations", "model") for path in sorted((PACKAGE / folder).rglob("*.py")) if path.parent.name != "text")
    unsaid = [
        key
        for key, (_, english) in catalogue().items()
        if key.startswith("detail.") and not all(word in source for fixed, _, _, _ in Formatter().parse(english) for word in fixed.split(", ")[0].split() if len(word) > 3 and word.isalpha())
    ]
    assert not unsaid, "\n".join(unsaid)
