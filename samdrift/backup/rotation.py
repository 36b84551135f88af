"""Rotation: which slice of the packs is read next, and how much of today's bytes was read in the period (backup.md B14)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

PACK = re.compile(r"[0-9a-f]{64}")
SLICES = 28
"""One slice a day: every byte within 28 days; restic cuts at most 256, by the first byte of a pack's name."""
_DAY_S = 86_400


def slices_of(check_period: int) -> int:
    """How many slices a check period of so many seconds has, one a day.

    >>> slices_of(28 * 86_400), slices_of(3_600)
    (28, 1)
    """
    return max(1, min(256, check_period // _DAY_S))


def next_slice(read: Mapping[int, datetime], slices: int = SLICES) -> int:
    """The slice never read, lowest number first, else the one read longest ago.

    >>> next_slice({1: datetime(2026, 1, 1)}, 2)
    2
    """
    never = [number for number in range(1, slices + 1) if number not in read]
    return never[0] if never else min(read, key=lambda number: (read[number], number))


def slice_of(pack: str, slices: int = SLICES) -> int:
    """The slice that a pack belongs to, as restic 0.14 cuts them: first byte of its name modulo `slices`."""
    return int(pack[:2], 16) % slices + 1


def coverage_permille(packs: Mapping[str, int], read: Mapping[int, datetime], at: datetime, *, slices: int = SLICES, period_s: int = 28 * 86_400) -> int:
    """Share of today's bytes read within the period, in thousandths, rounded down; no packs are wholly read. What has no pack's name is none.

    >>> coverage_permille({"notes.txt": 9, "0" * 64: 1}, {1: datetime(2026, 1, 1)}, datetime(2026, 1, 2))
    1000
    """
    packs = {name: size for name, size in packs.items() if PACK.fullmatch(name)}
    total = sum(packs.values())
    fresh = {number for number, when in read.items() if at - when <= timedelta(seconds=period_s)}
    covered = sum(size for name, size in packs.items() if slice_of(name, slices) in fresh)
    return 1000 if not total else covered * 1000 // total
