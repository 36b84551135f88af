"""Ballast: space of a target kept by a file, freed by hand when the disk is full, and made again when there is space (backup.md F1)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from samdrift.backup.documents import Item

BallastAct = Literal["make", "free", "nothing", "no-room"]


@dataclass(frozen=True, slots=True)
class Ballast:
    """One target's, in bytes: what is declared, what the file takes now, and what the disk has free."""

    target: str
    site: str
    wanted: int
    held: int
    free: int


def next_act(ballast: Ballast, *, release: bool) -> BallastAct:
    """What to do. It is made only where as much again stays free afterwards: ballast that fills the disk would be the fault it is for.

    Where none is declared any more the file is freed. An older file stays until the new one is whole, so a new one needs all its bytes.
    """
    if release or not ballast.wanted:
        return "free" if ballast.held else "nothing"
    if ballast.held == ballast.wanted:
        return "nothing"
    return "make" if ballast.free >= 2 * ballast.wanted else "no-room"


def ballast_item(ballast: Ballast, act: BallastAct, *, done: bool) -> Item:
    """One `samdrift/backup-ballast`; `held_bytes` is as it was before."""
    return {
        "target": ballast.target, "site": ballast.site, "status": "failure" if act == "no-room" else "ok", "action": act, "done": done and act in {"make", "free"},
        "wanted_bytes": ballast.wanted, "held_bytes": ballast.held, "free_bytes": ballast.free,
    }  # fmt: skip
