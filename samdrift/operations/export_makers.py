"""What made the exports of a close: versions that their bytes hang on, and which exports can be compared with those of another day (costs.md C2).

CSV, JSON, FOCUS CSV and UBL hang on the ledger alone and are always compared. A PDF, a workbook, a Parquet file and SIE (which names the program
and its version) are the same bytes only from the same makers.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from samdrift.adapters.makers import maker_versions
from samdrift.model.chain import canonical, digest
from samdrift.operations.ledger_exports import FORMATS, ExportFormat
from samdrift.reports.style import CSS

BOUND: Mapping[ExportFormat, tuple[str, ...]] = {
    "focus-parquet": ("pyarrow",),
    "pdf": ("samdrift", "style", "weasyprint", "pydyf", "fonttools", "pango", "python", "zlib"),
    "sie": ("samdrift",),
    "xlsx": ("samdrift", "xlsxwriter", "python", "zlib"),
}
"""Format → the makers that its bytes hang on."""
SUFFIXES: Mapping[str, ExportFormat] = {".parquet": "focus-parquet", ".pdf": "pdf", ".si": "sie", ".xlsx": "xlsx"}


def makers() -> dict[str, str]:
    """Maker → version as of now; `style` is the digest of the style sheet."""
    return {**maker_versions(), "style": digest(CSS.encode())}


def write_makers(found: Mapping[str, str]) -> bytes:
    """The makers as a close keeps them."""
    return canonical(dict(found))


def comparable(kept: bytes | None) -> tuple[ExportFormat, ...]:
    """The formats whose bytes must come out the same today; `kept` is what the close froze, None in closes from before makers were kept."""
    then: dict[str, str] = json.loads(kept) if kept else {}
    now = makers()
    return tuple(form for form in FORMATS if all(name in then and then[name] == now[name] for name in BOUND.get(form, ())))


def format_bound(file: str) -> ExportFormat | None:
    """The format of an export's file when its bytes hang on makers, else None."""
    return next((form for suffix, form in SUFFIXES.items() if file.endswith(suffix)), None)
