"""In hand: what a check of backups gets to judge, one service with all its backups (backup.md B10)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from samdrift.backup.freshness import BackupStatus
from samdrift.backup.looked import Looked
from samdrift.model.check import Check, Verdict
from samdrift.model.finding import Finding, Subject


@dataclass(frozen=True, slots=True)
class ServiceInHand:
    """A service, whose it is, whether it is in use, and its backups with their judged states by id. `stores` is False for one without data of its own."""

    service: str
    member: str
    members: tuple[str, ...]
    active: bool
    stores: bool
    backups: tuple[tuple[str, BackupStatus], ...] = ()
    looks: Mapping[str, Looked] = field(default_factory=dict)

    def looked(self, backup: str) -> Looked:
        """What the last looks said of a backup; nothing, when nobody looked."""
        return self.looks.get(backup, Looked())


def verdict(check: Check, hand: ServiceInHand, subject: Subject, at: datetime) -> Verdict:
    """Builds findings of a check on this service or one of its backups."""
    return Verdict(check.id, subject, at, {code.id: code.severity for code in check.codes}, member=hand.member)


def each_backup(check: Check, hand: ServiceInHand, at: datetime, judge: Callable[[Verdict, BackupStatus], Finding]) -> tuple[Finding, ...]:
    """One finding a backup of the service; none when it has none, which another check tells."""
    return with_members(hand, (judge(verdict(check, hand, Subject("backup", backup), at), state) for backup, state in hand.backups))


def with_members(hand: ServiceInHand, findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The findings with every member that they concern."""
    return tuple(replace(finding, members=hand.members) for finding in findings)


def hours(seconds: int) -> str:
    """A duration in hours with one decimal, for a sentence.

    >>> hours(5400)
    '1.5 h'
    """
    tenths = round(seconds / 360)
    return f"{tenths // 10}.{tenths % 10} h"
