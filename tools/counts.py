"""Counts of what loosens the rules: may fall, and rises only with a reason in the commit (craft.md 6)."""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
KEPT = ROOT / "tools" / "counts.txt"
PATTERNS = {
    "Any": re.compile(r"\bAny\b(?!.*\bimport\b)"),
    "type-ignore": re.compile(r"#\s*type:\s*ignore"),
    "noqa": re.compile(r"#\s*noqa"),
    "no-cover": re.compile(r"#\s*pragma:\s*no cover"),
    "broad-except": re.compile(r"except\s*(\(?\s*(Base)?Exception\b.*)?:"),
    "skip-or-xfail": re.compile(r"pytest\.(mark\.)?(skip|skipif|xfail)\b|importorskip"),
    "over-350-lines": re.compile(r"(?!)"),
}


def count() -> dict[str, int]:
    """Occurrences in samdrift/ and tools/; skips in tests/."""
    found = dict.fromkeys(PATTERNS, 0)
    for folder in ("samdrift", "tools", "tests"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            lines = [line for line in path.read_text(encoding="utf-8").splitlines() if "re.compile(" not in line]
            for name, pattern in PATTERNS.items():
                if (folder == "tests") == (name == "skip-or-xfail"):
                    found[name] += sum(
                        bool(pattern.search(line)) for line in lines if not line.startswith(("from ", "import "))
                    )
            if folder == "samdrift" and len(lines) > 350 and "migrations" not in path.parts:
                found["over-350-lines"] += 1
    return found


def main(arguments: list[str]) -> int:
    """Prints the counts beside the kept ones; exit 1 when one rose. `--keep` writes them."""
    found = count()
    if "--keep" in arguments:
        KEPT.write_text("".join(f"{name} {number}\n" for name, number in found.items()), encoding="utf-8")
    kept = {}
    if KEPT.exists():
        kept = {
            name: int(number)
            for name, number in (line.split() for line in KEPT.read_text(encoding="utf-8").splitlines())
        }
    risen = [name for name, number in found.items() if number > kept.get(name, number)]
    print(
        "counts: "
        + " · ".join(
            f"{name} {number}" + (f" (kept {kept[name]})" if kept.get(name, number) != number else "")
            for name, number in found.items()
        )
    )
    for name in risen:
        print(
            f"counts: {name} rose from {kept[name]} to {found[name]}; give the reason in the commit and run: {Path(sys.executable).name} tools/counts.py --keep"
        )
    return 1 if risen else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
