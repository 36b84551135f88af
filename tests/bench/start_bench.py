"""Start of the command line beside an empty Python (limit 150 ms, interface.md 10)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from tests.bench.measure import Failed, Figure, command

BIN = Path(sys.executable).parent


def figures(_folder: Path) -> Iterator[Figure]:
    yield Figure("start", "python -c pass", command([sys.executable, "-c", "pass"], runs=11))
    for words in ("--version", "--help", "check --help"):
        try:
            yield Figure(
                "start",
                f"samdrift {words}",
                command([str(BIN / "samdrift"), *words.split()], runs=11),
                beside="python -c pass",
                limit_s=0.150,
            )
        except Failed as error:
            yield Figure("start", f"samdrift {words}", None, missing=str(error)[-200:])
