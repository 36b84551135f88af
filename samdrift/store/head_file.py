"""The head file: the chain's last known entry, kept outside the database, so that an older database put back is noticed (reliability.md A2)."""

from __future__ import annotations

import fcntl
import json
import os
from pathlib import Path

from samdrift.store.keys import folder, sync_folder

NAME = "audit-head.json"


def remember(state_dir: Path, seq: int, digest: str) -> None:
    """Keep the head, unless a later one is kept already; the whole old or the whole new file is seen."""
    place = folder(state_dir)
    with (place / ".audit-head.lock").open("w") as guard:
        fcntl.flock(guard, fcntl.LOCK_EX)
        known = recall(state_dir)
        if known is not None and known[0] >= seq:
            return
        scratch = place / f".{NAME}.new"
        with scratch.open("w", encoding="ascii") as opened:
            opened.write(json.dumps({"seq": seq, "digest": digest}))
            opened.flush()
            os.fsync(opened.fileno())
        scratch.replace(place / NAME)
        sync_folder(place)


def recall(state_dir: Path) -> tuple[int, str] | None:
    """(seq, digest) of the kept head, or None where none is kept."""
    try:
        found = json.loads((folder(state_dir) / NAME).read_text(encoding="ascii"))
        return int(found["seq"]), str(found["digest"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        return 0, ""
