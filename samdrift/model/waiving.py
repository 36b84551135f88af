"""Waiving: a waiver in force takes a failure or warning out of scores, exit codes and alerts; an expired one says so (dns.md D10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from samdrift.model.finding import Finding, Status
from samdrift.model.period import local_day

if TYPE_CHECKING:
    from samdrift.model.nouns.waiver import Waiver

OPEN = frozenset({Status.FAILURE, Status.WARNING})


def apply_waivers(findings: Iterable[Finding], waivers: Iterable[Waiver], *, at: datetime, names: Mapping[str, str] | None = None) -> tuple[Finding, ...]:
    """The findings, those that a waiver covers at `at` marked `waived` with its id; from its `until` on they are open again.

    `names` maps `noun:id` of the inventory to the id that findings use, where they differ (a zone's id and its name).
    """
    rows = [(_subjects(waiver, names or {}), waiver) for waiver in sorted(waivers, key=lambda one: one.id)]
    return tuple(_waive(finding, rows, at) for finding in findings)


def _subjects(waiver: Waiver, names: Mapping[str, str]) -> frozenset[str]:
    whole, _, part = waiver.subject.partition("/")
    found = {whole, names.get(whole, whole)}
    return frozenset(f"{one}/{part}" for one in found) if part else frozenset(found)


def _waive(finding: Finding, rows: Iterable[tuple[frozenset[str], Waiver]], at: datetime) -> Finding:
    if finding.status not in OPEN:
        return finding
    subject = finding.subject
    said = {f"{subject.noun}:{subject.id}", subject.id, str(subject), "all"}
    today, expired = local_day(at), False
    for subjects, waiver in rows:
        if not subjects & said or waiver.check not in {finding.check, f"{finding.check}/{finding.code}"}:
            continue
        if waiver.from_ is not None and today < waiver.from_:
            continue
        if today < waiver.until:
            return replace(finding, status=Status.WAIVED, waiver=waiver.id)
        expired = True
    return replace(finding, value={**finding.value, "waiver_expired": True}) if expired else finding
