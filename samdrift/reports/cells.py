"""One cell as people read it and as machines read it (interface.md U8, U9, U13)."""

from __future__ import annotations

from datetime import date, datetime
from fractions import Fraction

from samdrift.model import wording
from samdrift.model.finding import Status
from samdrift.model.period import rfc3339
from samdrift.model.quantity import exact
from samdrift.model.section import Cell, Column, Term
from samdrift.model.text import Text

SYMBOLS = {
    Status.OK: "✓",
    Status.WARNING: "▲",
    Status.FAILURE: "✗",
    Status.UNDETERMINED: "?",
    Status.WAIVED: "○",
    Status.NOT_APPLICABLE: "–",
}
NUMERIC = frozenset({"money", "quantity", "percent", "integer", "duration", "bytes"})
QUANTITY_DECIMALS = 3


def shown(cell: Cell, column: Column, text: Text) -> str:
    """The cell in the reader's language; unknown is said in a word, never shown as 0."""
    if cell is None:
        return text("report.unknown")
    if isinstance(cell, Status):
        return f"{SYMBOLS[cell]} {text(f'state.{cell.value}')}"
    if isinstance(cell, Term):
        return cell.text
    if isinstance(cell, datetime):
        return wording.instant(cell, text.language)
    if isinstance(cell, date):
        return wording.day(cell)
    if isinstance(cell, int | Fraction):
        return _number(cell, column, text)
    return cell


def _number(cell: int | Fraction, column: Column, text: Text) -> str:
    language = text.language
    match column.kind:
        case "money":
            return wording.money(int(cell), language)
        case "percent":
            return wording.percent(Fraction(cell), 2, language)
        case "duration":
            return wording.duration(int(cell))
        case "bytes":
            return wording.size(int(cell), language)
        case "integer":
            return wording.number(cell, 0, language)
        case _:
            return wording.number(cell, QUANTITY_DECIMALS, language)


def plain(cell: Cell) -> str:
    """The cell for CSV: English ids, integers, exact fractions, RFC 3339; unknown is empty; formula-like text is made harmless."""
    if cell is None:
        return ""
    if isinstance(cell, Status):
        return cell.value
    if isinstance(cell, Term):
        return cell.id
    if isinstance(cell, datetime):
        return rfc3339(cell)
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, int | Fraction):
        return exact(cell)
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
