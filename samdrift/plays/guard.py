"""The member-span guard: a play may touch a host only when every member that the host serves is named (playbooks.md G1, G2)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from samdrift.model.errors import nearest

ALL = "all"
EXIT_GUARD = 4
"""What ansible-playbook ends with when the guard refuses, as for other errors before the first task."""


@dataclass(frozen=True, slots=True)
class PlayFacts:
    """One play: its name, and for each host it holds (after --limit) the members that the host belongs to or serves."""

    name: str
    hosts: Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Span:
    """What the operator named: the value of `samdrift_members` (None: unset) and of `samdrift_change`."""

    members: str | None
    change: str | None

    @property
    def named(self) -> frozenset[str]:
        """The ids named; `all` stands for itself."""
        return frozenset(part.strip() for part in (self.members or "").split(",") if part.strip())


def refusals(span: Span, plays: Collection[PlayFacts], known: Collection[str]) -> tuple[str, ...]:
    """Why the run must not begin, one sentence each; empty when it may."""
    if not span.named:
        return (
            "samdrift_members is not set: name the members this run may touch, for example -e samdrift_members=are",
        )
    unknown = sorted(span.named - {ALL, *known})
    if unknown:
        return tuple(f"unknown member {name!r}{_hint(name, known)}" for name in unknown)
    if ALL in span.named and not re.fullmatch(r"\S{1,100}", span.change or ""):
        return ("samdrift_members=all needs a change id: add -e samdrift_change=ID",)
    if ALL in span.named:
        return ()
    return tuple(
        f"{host} of play {play.name!r} also serves {', '.join(sorted(members - span.named))}: name them too, or take the host out of the play"
        for play in plays
        for host, members in sorted(play.hosts.items())
        if members - span.named
    )


def _hint(name: str, known: Collection[str]) -> str:
    near = nearest(name, known)
    return f"; did you mean {near!r}?" if near else f"; members are {', '.join(sorted(known))}"


def host_pattern(members: str) -> str:
    """Ansible's host pattern for the sets of owners that lie wholly within the members named (inventory.md I14).

    `all` is every host but planned ones. Raises ValueError for text that is no list of ids: it must not reach a pattern.
    """
    names = [part.strip() for part in members.split(",")]
    if not all(re.fullmatch(r"[a-z][a-z0-9-]{1,40}", name) for name in names):
        raise ValueError(f"samdrift_members={members!r} is no list of member ids; write are or are,berg or all")
    if ALL in names:
        return "all:!planned"
    choice = "|".join(sorted(name.replace("-", "_") for name in set(names)))
    return f"~^owners_({choice})(_({choice}))*$"
