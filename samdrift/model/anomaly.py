"""Anomaly: the signs of one run, by which ransomware shows, and what they were judged to be (backup.md B16)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FileSample:
    """New or changed files of one extension, read at the source: how many, their mean entropy in thousandths of a bit a byte, and how many begin as
    their extension demands (`magic_known` of them have an extension whose beginning is known).
    """

    extension: str
    files: int
    entropy_millibits: int
    magic_known: int = 0
    magic_right: int = 0


@dataclass(frozen=True, slots=True)
class Signs:
    """Shares are thousandths of the files there were before; `unknown_permille` of the new and changed files, how many have an extension never seen before."""

    new_permille: int
    changed_permille: int
    removed_permille: int
    added_bytes: int
    unknown_permille: int
    samples: tuple[FileSample, ...] = ()


@dataclass(frozen=True, slots=True)
class RunSigns:
    """A run's signs as the store keeps them. `judged` False: too few runs before it (undetermined); `signals` name what is out of the ordinary."""

    run: str
    backup: str
    member: str
    at: datetime
    signs: Signs
    judged: bool
    suspect: bool
    signals: tuple[str, ...] = ()
    members: tuple[str, ...] = field(default=())


def signs_of(found: Mapping[str, object]) -> Signs:
    """From the JSON that `asdict` gives of Signs; TypeError or KeyError when it is something else."""
    values = dict(found)
    samples = values.pop("samples", ())
    assert isinstance(samples, tuple | list)
    return Signs(samples=tuple(FileSample(**one) for one in samples), **values)  # type: ignore[arg-type]
