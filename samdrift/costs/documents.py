"""Documents of cost pools, read from CSV: every öre has a document id (costs.md P1, 4)."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Mapping
from datetime import date, timedelta

from samdrift.model.cost import Document, Spread
from samdrift.model.csv_rows import CsvRow, read_rows
from samdrift.model.money import KronorFault, read_ore
from samdrift.model.nouns.agreement import Agreement
from samdrift.model.period import YEARS, Month
from samdrift.model.problem import Place, Problem

REQUIRED = ("document", "line", "pool", "amount", "from", "to")
OPTIONAL = ("spread", "kind", "supplier", "text")
LONGEST = 100
LARGEST = 10**15
"""Öre of one document: ten thousand billion kronor, so that the sums of thousands still fit the store's integers."""
KINDS = frozenset({"invoice", "salary", "depreciation", "energy", "credit", "other"})


def read_documents(
    files: Mapping[str, bytes], pools: Collection[str], agreements: Iterable[Agreement] = ()
) -> tuple[tuple[Document, ...], tuple[Problem, ...]]:
    """All documents of the CSV files (path → content), by id, and all that is wrong with them."""
    placed, problems = read_placed(files, pools, agreements)
    return tuple(document for document, _ in placed), problems


def read_placed(
    files: Mapping[str, bytes], pools: Collection[str], agreements: Iterable[Agreement] = ()
) -> tuple[tuple[tuple[Document, Place], ...], tuple[Problem, ...]]:
    """The same with each document's place; (document, line) is unique over all.

    With `agreements`, each day of a document must lie in a version, and each month in one that has its pool.
    """
    versions = tuple(agreements)
    problems: list[Problem] = []
    found: dict[str, tuple[Document, Place]] = {}
    for file, content in sorted(files.items()):
        for row in read_rows(content, file, REQUIRED, OPTIONAL, problems):
            document = _document(row, pools, problems)
            if document is None:
                continue
            if document.id in found:
                text = f"document {document.id} stands twice"
                problems.append(Problem(row.place, "duplicate-document", text, related=(found[document.id][1],)))
                continue
            found[document.id] = (document, row.place)
            problems += uncovered(document, row.place, versions)
    return tuple(pair for _, pair in sorted(found.items())), tuple(
        sorted(problems, key=lambda problem: problem.sort_key)
    )


def uncovered(document: Document, place: Place, agreements: Iterable[Agreement]) -> list[Problem]:
    """`agreement-gap` where no version is valid on one of its days, `unknown-pool` where none in a month has its pool (K1)."""
    whose = {each.id for each in agreements if document.pool in each.pools}
    versions = [each for each in agreements if each.id in whose]
    if not versions or document.start >= document.end:
        return []
    gap, reached = None, document.start
    for head in sorted((each.agreement for each in versions), key=lambda head: head.from_):
        if head.from_ > reached:
            break
        reached = max(reached, head.to or document.end)
    if reached < document.end:
        gap = f"no version of {', '.join(sorted(whose))} is valid on {reached}, a day of {document.id}"
        return [Problem(place, "agreement-gap", gap)]
    month = Month(document.start.year, document.start.month)
    while month.first_day < document.end:
        valid = (each for each in versions if document.pool in each.pools and _valid_in(each, month))
        if next(valid, None) is None:
            return [Problem(place, "unknown-pool", f"no version in {month} has the pool {document.pool!r}")]
        month = month.next
    return []


def _valid_in(agreement: Agreement, month: Month) -> bool:
    head = agreement.agreement
    return head.from_ < month.next.first_day and (head.to is None or month.first_day < head.to)


def write_documents(documents: Iterable[Document]) -> bytes:
    """The CSV text that `read_documents` reads back to the same documents, by id."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow((*REQUIRED, *OPTIONAL))
    for each in sorted(documents, key=lambda document: document.id):
        kronor, ore = divmod(abs(each.amount_ore), 100)
        amount = f"{'-' if each.amount_ore < 0 else ''}{kronor}.{ore:02}"
        writer.writerow(
            (
                each.document,
                each.line,
                each.pool,
                amount,
                each.start,
                each.end,
                each.spread or "",
                each.kind,
                each.supplier,
                each.text,
            )
        )
    return text.getvalue().encode()


def _document(row: CsvRow, pools: Collection[str], problems: list[Problem]) -> Document | None:
    cells, wrong = row.cells, []

    def fault(code: str, text: str, help: str | None = None) -> None:
        wrong.append(Problem(row.place, code, text, help))

    for name in ("document", "line", "pool"):
        if not cells[name]:
            fault("empty-value", f"{name} is empty")
        if len(cells[name]) > LONGEST:
            fault("out-of-range", f"{name} is longer than {LONGEST} characters")
    if cells["pool"] and cells["pool"] not in pools:
        fault("unknown-pool", f"unknown pool {cells['pool']!r}", f"pools: {', '.join(sorted(pools))}")
    amount, start, end = 0, date.min, date.max
    try:
        amount = read_ore(cells["amount"])
    except KronorFault as error:
        fault(error.code, str(error))
    if abs(amount) > LARGEST:
        fault("out-of-range", f"amount is over {abs(LARGEST) // 100} kr")
    try:
        start, end = _date(cells["from"]), _date(cells["to"])
    except ValueError:
        fault("bad-date", f"from and to are dates YYYY-MM-DD, not {cells['from']!r} and {cells['to']!r}")
    else:
        if start >= end:
            fault("range-backwards", f"to {end} is not after from {start}", "to is the first day that no longer counts")
        if start.year not in YEARS or end.year not in YEARS:
            fault("out-of-range", f"from and to lie in {YEARS.start} to {YEARS.stop - 1}, not {start} and {end}")
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


def _date(text: str) -> date:
    """The day written YYYY-MM-DD; ValueError at ISO 8601's other ways (`20240201`, `2024-W05-4`)."""
    found = date.fromisoformat(text)
    if found.isoformat() != text:
        raise ValueError(text)
    return found


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
