"""Plan: what would be done, as data that can be printed, refused and kept; acting is a second step."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from samdrift.model.chain import canonical, digest


@dataclass(frozen=True, slots=True)
class Step:
    """One step: `verb` on `subject`, with its details; `needs` are numbers of earlier steps."""

    number: int
    verb: str
    subject: str
    details: Mapping[str, Any] = field(default_factory=dict)
    needs: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """An ordered plan; its id is the digest of its steps, so an approval binds to exactly these (playbooks.md G5)."""

    purpose: str
    steps: tuple[Step, ...]
    refused_by: tuple[str, ...] = ()

    @property
    def id(self) -> str:
        steps = [[step.number, step.verb, step.subject, dict(step.details), list(step.needs)] for step in self.steps]
        return digest(canonical([self.purpose, steps]))
