"""Documents of cost pools, read from CSV: every öre has a document id (costs.md P1, 4)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from samdrift.model.cost import Document, Spread
from samdrift.model.csv_rows import CsvRow, read_rows
from samdrift.model.money import read_ore
from samdrift.model.period import Month
from samdrift.model.problem import Problem

REQUIRED = ("document", "line", "pool", "amount", "from", "to")
OPTIONAL = ("spread", "kind", "supplier", "text")
KINDS = frozenset({"invoice", "salary", "depreciation", "energy", "credit", "other"})


def read_documents(
    files: Mapping[str, bytes], pools: Collection[str]
) -> tuple[tuple[Document, ...], tuple[Problem, ...]]:
    """All documents of the CSV files (path → content) and all that is wrong with them; (document, line) is unique over all."""
    problems: list[Problem] = []
    found: dict[str, tuple[Document, CsvRow]] = {}
    for file, content in sorted(files.items()):
        for row in read_rows(content, file, REQUIRED, OPTIONAL, problems):
            document = _document(row, pools, problems)
            if document is None:
                continue
            if document.id in found:
                earlier = found[document.id][1].place
                problems.append(
                    Problem(row.place, "duplicate-document", f"document {document.id} stands twice", related=(earlier,))
                )
                continue
            found[document.id] = (document, row)
    documents = tuple(document for _, (document, _) in sorted(found.items()))
    return documents, tuple(sorted(problems, key=lambda problem: problem.sort_key))


def _document(row: CsvRow, pools: Collection[str], problems: list[Problem]) -> Document | None:
    cells, wrong = row.cells, []

    def fault(code: str, text: str, help: str | None = None) -> None:
        wrong.append(Problem(row.place, code, text, help))

    for name in ("document", "line", "pool"):
        if not cells[name]:
            fault("empty-value", f"{name} is empty")
    if cells["pool"] and cells["pool"] not in pools:
        fault("unknown-pool", f"unknown pool {cells['pool']!r}", f"pools: {', '.join(sorted(pools))}")
    amount, start, end = 0, date.min, date.max
    try:
        amount = read_ore(cells["amount"])
    except ValueError as error:
        fault("fraction-of-ore" if "öre" in str(error) else "number-syntax", str(error))
    try:
        start, end = date.fromisoformat(cells["from"]), date.fromisoformat(cells["to"])
    except ValueError:
        fault("bad-date", f"from and to are dates YYYY-MM-DD, not {cells['from']!r} and {cells['to']!r}")
    else:
        if start >= end:
            fault("range-backwards", f"to {end} is not after from {start}", "to is the first day that no longer counts")
    kind = cells.get("kind") or "other"
    if kind not in KINDS:
        fault("unknown-value", f"unknown kind {kind!r}", f"kinds: {', '.join(sorted(KINDS))}")
    spread = _spread(cells.get("spread", ""), start, end)
    if isinstance(spread, str) and spread not in {"days", "months", ""}:
        fault("unknown-value", spread)
    problems.extend(wrong)
    if wrong:
        return None
    way: Spread | None = "months" if spread == "months" else ("days" if spread == "days" else None)
    return Document(
        cells["document"],
        cells["line"],
        cells["pool"],
        amount,
        start,
        end,
        way,
        kind,
        cells.get("supplier", ""),
        cells.get("text", ""),
    )


def _spread(text: str, start: date, end: date) -> str:
    """The spread as written, or a sentence about what is wrong with it; empty is legal inside one month."""
    if text in {"days", "months"}:
        return text
    if text:
        return f"unknown spread {text!r}; write days or months"
    if end == date.max or start >= end:
        return ""
    last = end - timedelta(days=1)
    return (
        ""
        if Month(start.year, start.month) == Month(last.year, last.month)
        else "a document over several months needs spread: days or months"
    )
