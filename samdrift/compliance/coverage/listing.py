"""The coverage list itself: each test of the peers beside the checks that do it, by the checks' own references and equivalents."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from samdrift.compliance.coverage.internetnl import INTERNETNL
from samdrift.compliance.coverage.peer import Peer
from samdrift.compliance.coverage.words import LACKS, NOT_DONE, NOT_YET, SAID_OTHERWISE
from samdrift.compliance.coverage.zonemaster import ZONEMASTER
from samdrift.model.check import Check

State = Literal["done", "in part", "not done"]
PEERS: Mapping[str, tuple[Peer, ...]] = {"zonemaster": ZONEMASTER, "internetnl": INTERNETNL}


@dataclass(frozen=True, slots=True)
class Covered:
    """One test: the checks that refer to it, the message tags that no code bears, and in words what lacks or why it is not done."""

    peer: str
    case: Peer
    state: State
    checks: tuple[str, ...]
    missing: tuple[str, ...]
    words: str


def coverage(checks: Iterable[Check]) -> tuple[Covered, ...]:
    """Every test of every peer, in their order."""
    known = tuple(checks)
    borne = {name for check in known for code in check.codes for name in code.equivalent}
    return tuple(_covered(peer, case, known, borne) for peer, cases in PEERS.items() for case in cases)


def _covered(peer: str, case: Peer, checks: Iterable[Check], borne: set[str]) -> Covered:
    name = f"{peer}:{case.id}"
    doing = tuple(sorted(check.id for check in checks if name in check.references or any(name in code.equivalent for code in check.codes)))
    if not doing:
        return Covered(peer, case, "not done", (), (), NOT_DONE.get(case.id, NOT_YET))
    missing = tuple(tag for tag in case.messages if f"{peer}:{tag}" not in borne and tag not in SAID_OTHERWISE)
    if missing or case.id in LACKS:
        return Covered(peer, case, "in part", doing, missing, LACKS.get(case.id, "no code for these messages"))
    return Covered(peer, case, "done", doing, (), "")


def strange(checks: Iterable[Check]) -> tuple[str, ...]:
    """`check/code: tag` of equivalents that no test of the peer has."""
    tags = {f"{peer}:{name}" for peer, cases in PEERS.items() for case in cases for name in (case.id, *case.messages)}
    return tuple(
        f"{check.id}/{code.id}: {name}" for check in checks for code in check.codes for name in code.equivalent if name.partition(":")[0] in PEERS and name not in tags and name.partition(":")[2] not in SAID_OTHERWISE
    )  # fmt: skip


def counts(rows: Iterable[Covered]) -> Mapping[str, Mapping[str, int]]:
    """Peer → state → how many."""
    found: dict[str, dict[str, int]] = {}
    for row in rows:
        held = found.setdefault(row.peer, {"done": 0, "in part": 0, "not done": 0})
        held[row.state] += 1
    return found
