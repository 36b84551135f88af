"""Three bytes in the middle of the largest pack of a backup target are flipped; off flips them back."""

from __future__ import annotations

from pathlib import Path

from tests.lab.faults._parts import target
from tests.lab.labkit.lab import Lab
from tests.lab.labkit.settings import LabError
from tests.lab.parts.backup import flip

USUAL = "backup"


def switch(lab: Lab, where: str, *, on: bool) -> str:
    """Flip the same bytes once each way."""
    one = target(lab, where)
    kept = one.folder / "flipped"
    if on and not kept.exists():
        if not one.files("data"):
            raise LabError(f"{where} holds no pack yet: back something up first")
        kept.write_text(str(one.flip_bytes()))
    elif not on and kept.exists():
        flip(Path(kept.read_text()))
        kept.unlink()
        return "whole again"
    return Path(kept.read_text()).name if kept.exists() else "whole"
