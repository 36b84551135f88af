"""The head of a playbook: what it is for, its risk, the way back, its hosts, what it needs (playbooks.md C4)."""

from __future__ import annotations

import re
from dataclasses import dataclass

KEYS = {
    "purpose": "purpose",
    "risk": "risk",
    "way back": "way_back",
    "hosts": "hosts",
    "needs a window": "needs_window",
    "needs two persons": "needs_two",
    "reads only": "reads_only",
}
REQUIRED = ("purpose", "risk", "way_back", "hosts", "needs_window", "needs_two")


@dataclass(frozen=True, slots=True)
class PlaybookHead:
    """`needs_window` and `needs_two` are yes or no in the file; `reads_only` playbooks change nothing and need no guard."""

    id: str
    purpose: str
    risk: str
    way_back: str
    hosts: str
    needs_window: bool
    needs_two: bool
    reads_only: bool = False


def read_head(playbook_id: str, text: str) -> PlaybookHead:
    """From the comment lines before the first play, `# Key: value`, a longer value goes on at `#   `. ValueError names what lacks."""
    found: dict[str, str] = {}
    last = None
    for line in text.splitlines():
        if not line.startswith("#"):
            if line.strip() not in {"", "---"}:
                break
            continue
        match = re.match(r"#\s*([A-Za-z ]+):\s*(.+)", line)
        if match and match[1].strip().lower() in KEYS:
            last = KEYS[match[1].strip().lower()]
            found[last] = match[2].strip()
        elif last and line.startswith("#   "):
            found[last] += f" {line[1:].strip()}"
    missing = [name for name in REQUIRED if name not in found]
    if missing:
        raise ValueError(f"{playbook_id}: no line for {', '.join(missing)} in its head")
    return PlaybookHead(
        playbook_id,
        found["purpose"],
        found["risk"],
        found["way_back"],
        found["hosts"],
        _yes(found["needs_window"]),
        _yes(found["needs_two"]),
        _yes(found.get("reads_only", "no")),
    )


def _yes(text: str) -> bool:
    return text.lower().startswith("yes")
