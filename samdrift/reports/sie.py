"""A month's documents as SIE 4I, the Swedish bookkeeping import: one voucher a document, each summing to 0 (costs.md 7)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from samdrift.model.cost import Blocking
from samdrift.model.invoice import Invoice, Party
from samdrift.model.nouns.account import Account
from samdrift.reports.accounts import account_of, receivable_of, unmapped, vat_account_of
from samdrift.reports.kronor import kronor

ENCODING = "cp437"
REPLACED = {
    "\u2010": "-", "\u2011": "-", "\u2012": "-", "\u2013": "-", "\u2014": "-", "\u2015": "-", "\u2212": "-",
    "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u2026": "...",
    "\u00a0": " ", "\u202f": " ",
}  # fmt: skip
"""Dashes, typographic quotes and spaces that CP437 lacks, or that bookkeeping programs read wrongly."""
NOT_CP437 = "text-not-cp437"


@dataclass(frozen=True, slots=True)
class SieFile:
    """The bytes, and a sentence for each text in which signs were replaced. Nothing is written when something blocks."""

    content: bytes
    warnings: tuple[str, ...] = ()
    blocking: tuple[Blocking, ...] = ()


def sie_file(
    documents: Iterable[Invoice], *, issuer: Party, members: Mapping[str, Party], accounts: Sequence[Account],
    made: date, version: str, draft: bool = False,
) -> SieFile:  # fmt: skip
    """The file in the order of the standard (SIE gruppen, format 4B: 4I). `made` dates the vouchers.

    Blocking: `account-unmapped` for what no account is meant for, `text-not-cp437` for a text that the character set lacks.
    """
    ordered = sorted(documents, key=lambda each: each.number)
    blocking = unmapped(ordered, accounts)
    if blocking:
        return SieFile(b"", blocking=blocking)
    writer = _Writer()
    writer.line("#FLAGGA", "0")
    writer.line("#PROGRAM", writer.text("samdrift"), writer.text(version))
    writer.line("#FORMAT", "PC8")
    writer.line("#GEN", f"{made:%Y%m%d}")
    writer.line("#SIETYP", "4")
    if draft:
        writer.line("#PROSA", writer.text("UTKAST: månaden är inte stängd"))
    writer.line("#ORGNR", f"{issuer.org_number[:6]}-{issuer.org_number[6:]}")
    writer.line("#FNAMN", writer.text(issuer.name))
    _head(writer, ordered, accounts)
    for document in ordered:
        _voucher(writer, document, members[document.member].name, accounts, made)
    if writer.blocking:
        return SieFile(b"", blocking=tuple(writer.blocking.values()))
    return SieFile("".join(f"{line}\r\n" for line in writer.lines).encode(ENCODING), tuple(writer.warnings))


def _fits(sign: str) -> bool:
    try:
        sign.encode(ENCODING)
    except UnicodeEncodeError:
        return False
    return True


class _Writer:
    """Lines in the making, with the texts that had to be changed."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.warnings: list[str] = []
        self.blocking: dict[str, Blocking] = {}

    def line(self, *fields: str) -> None:
        self.lines.append(" ".join(fields))

    def text(self, value: str) -> str:
        """A quoted field: `"` escaped, control characters as spaces; signs outside CP437 replaced with a warning, or blocking."""
        plain = "".join(REPLACED.get(sign, sign) for sign in value)
        outside = sorted({f"U+{ord(sign):04X}" for sign in plain if not _fits(sign)})
        if outside:
            self.blocking[value] = Blocking(NOT_CP437, f"{value!r} has {', '.join(outside)}, which SIE's character set lacks")
        warning = f"{value!r} is written {plain!r} in SIE"
        if plain != value and warning not in self.warnings:
            self.warnings.append(warning)
        return '"' + "".join(" " if ord(sign) < 32 or ord(sign) == 127 else sign for sign in plain).replace('"', '\\"') + '"'


def _head(writer: _Writer, documents: Sequence[Invoice], accounts: Sequence[Account]) -> None:
    names: dict[str, str] = {}
    dimensions: set[int] = set()
    objects: set[tuple[int, str]] = set()
    for document in documents:
        for each in document.lines:
            account = account_of(each.line, accounts)
            names.setdefault(account.account, account.id)
            if account.dimension is not None and account.object is not None:
                dimensions.add(account.dimension)
                objects.add((account.dimension, account.object))
        names.setdefault(receivable_of(document, accounts), "fordran på medlem")
        for index, sum_ in enumerate(document.vat):
            if sum_.vat_ore:
                names.setdefault(vat_account_of(document, index, accounts), f"utgående moms {sum_.rate} %")
    for account_number, name in sorted(names.items()):
        writer.line("#KONTO", account_number, writer.text(name))
    for dimension in sorted(dimensions):
        writer.line("#DIM", str(dimension), writer.text(f"dimension {dimension}"))
    for dimension, code in sorted(objects):
        writer.line("#OBJEKT", str(dimension), writer.text(code), writer.text(code))


def _voucher(writer: _Writer, document: Invoice, name: str, accounts: Sequence[Account], made: date) -> None:
    kind = "Faktura" if document.kind == "invoice" else "Kreditfaktura"
    writer.line("#VER", '"S"', writer.text(document.number), f"{made:%Y%m%d}", writer.text(f"{kind} {document.month} {name}"))
    writer.lines.append("{")

    def transaction(account: str, objects: str, ore: int, text: str) -> None:
        if ore:
            writer.line("   #TRANS", account, objects, kronor(ore), f"{made:%Y%m%d}", writer.text(text))

    transaction(receivable_of(document, accounts), "{}", document.signed(document.gross_ore), document.number)
    for each in document.lines:
        account = account_of(each.line, accounts)
        bound = account.dimension is not None and account.object is not None
        objects = f"{{{account.dimension} {writer.text(account.object or '')}}}" if bound else "{}"
        transaction(account.account, objects, -document.signed(each.amount_ore), each.line.line)
    for index, sum_ in enumerate(document.vat):
        if sum_.vat_ore:
            transaction(vat_account_of(document, index, accounts), "{}", -document.signed(sum_.vat_ore), f"moms {sum_.rate} %")
    writer.lines.append("}")
