"""Key states: where each key of a zone is in its life, from what is seen now and what earlier runs saw (RFC 7583 3.1)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from samdrift.compliance.sights import seen_in
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.dns.past import Kind, Sight


class KeyState(StrEnum):
    """RFC 7583's states that can be seen from outside; `ready`: published for so long that every cache knows it."""

    PUBLISHED = "published"
    READY = "ready"
    ACTIVE = "active"
    RETIRED = "retired"
    DEAD = "dead"
    REMOVED = "removed"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class KeyLife:
    """One key: `name` is TAG-ALG; `since_at` when its state began, as far as was seen; `due_at` when the next step could be taken."""

    name: str
    role: str
    state: KeyState
    since_at: datetime
    due_at: datetime

    @property
    def tag(self) -> int:
        return int(self.name.split("-")[0])

    @property
    def algorithm(self) -> int:
        return int(self.name.split("-")[1])


@dataclass(frozen=True, slots=True)
class _Trace:
    """All sights of one thing over all servers: since when it is there without a gap, whether it is there now, when it was last there and gone."""

    is_here: bool
    since_at: datetime | None
    last_at: datetime | None
    gone_at: datetime | None
    ttl_seconds: int


def life_of_keys(hand: ZoneInHand, at: datetime) -> tuple[KeyLife, ...]:
    """The life of every key that is or was in the zone; keys that were removed stay for as long as a cache may hold what they signed."""
    traces = _Traces(hand, at)
    names = {what for kind, what in traces.known if kind == "dnskey"}
    return tuple(life for name in sorted(names) if (life := _life(hand, traces, name, at)) is not None)


class _Traces:
    """What is there now joined to what was."""

    def __init__(self, hand: ZoneInHand, at: datetime) -> None:
        self.at, seen = at, seen_in(hand)
        self.now: dict[tuple[Kind, str], int] = {}
        for (kind, what, _), ttl in seen.things.items():
            self.now[kind, what] = max(ttl, self.now.get((kind, what), 0))
        self.looked = {kind for kind, _ in seen.looked}
        self.past: dict[tuple[Kind, str], list[Sight]] = {}
        for sight in hand.past.sights:
            self.past.setdefault((sight.kind, sight.what), []).append(sight)
        self.known = {*self.now, *self.past}
        entries = {f"{key.key_tag}-{key.algorithm}" for address in hand.speaking for key in hand.keys(address) if key.is_sep}
        self.has_ds = any(kind == "ds" and what in entries for kind, what in self.now)
        """Whether a DS points to a key that is marked as entry point; else such a key is active when it signs the keys."""

    def of(self, kind: Kind, what: str) -> _Trace:
        held, here = self.past.get((kind, what), []), (kind, what) in self.now
        standing = [one for one in held if one.gone_at is None]
        ttl = max([self.now.get((kind, what), 0), *(one.ttl_seconds for one in held)])
        if here:
            return _Trace(True, min((one.since_at or one.first_at for one in standing), default=self.at), self.at, None, ttl)
        if not held:
            return _Trace(False, None, None, None, 0)
        gone = None if standing and kind not in self.looked else max((one.gone_at or self.at for one in held), default=self.at)
        return _Trace(False, None, max(one.last_at for one in held), gone, ttl)


def _life(hand: ZoneInHand, traces: _Traces, name: str, at: datetime) -> KeyLife | None:
    key, data, keys, ds = traces.of("dnskey", name), traces.of("rrsig", name), traces.of("rrsig", f"{name}-DNSKEY"), traces.of("ds", name)
    held = next((one for address in hand.speaking for one in hand.keys(address) if f"{one.key_tag}-{one.algorithm}" == name), None)
    is_entry = held.is_sep if held is not None else bool(ds.last_at or (keys.last_at and not data.last_at))
    role = "csk" if is_entry and data.last_at else "ksk" if is_entry else "zsk"
    work = data if not is_entry else ds if traces.has_ds else keys
    if not key.is_here:
        ends = max((trace.last_at + timedelta(seconds=trace.ttl_seconds) for trace in (data, keys) if trace.last_at is not None), default=None)
        gone = key.gone_at
        return None if gone is None or ends is None or at > max(ends, gone) + timedelta(days=2) else KeyLife(name, role, KeyState.REMOVED, gone, ends)
    since = key.since_at or at
    if held is not None and held.is_revoked:
        return KeyLife(name, role, KeyState.REVOKED, since, since + timedelta(days=30))
    if work.is_here:
        return KeyLife(name, role, KeyState.ACTIVE, max(since, work.since_at or at), at)
    if work.last_at is not None and work.gone_at is not None:
        dead_at = work.last_at + timedelta(seconds=work.ttl_seconds)
        return KeyLife(name, role, KeyState.DEAD if at >= dead_at else KeyState.RETIRED, work.gone_at, dead_at)
    ready_at = since + timedelta(seconds=key.ttl_seconds)
    return KeyLife(name, role, KeyState.READY if at >= ready_at else KeyState.PUBLISHED, since, ready_at)


@dataclass(frozen=True, slots=True)
class TooEarly:
    """A key that went while caches may still need it: until `until_at`, and gone at `gone_at` at the latest."""

    name: str
    gone_at: datetime
    until_at: datetime
    what: str


def retired_too_early(hand: ZoneInHand, at: datetime, *, gone: Iterable[str] = ()) -> tuple[TooEarly, ...]:
    """Keys taken away before what needs them alone can have left every cache (RFC 7583 3.2, 3.3); `gone` are keys that a change would take away now.

    Only what is certain counts: the signature or the DS was last seen at an instant, its TTL runs from there, and the key was gone before.
    """
    traces, lost = _Traces(hand, at), frozenset(gone)
    found = []
    for name in sorted(what for kind, what in traces.known if kind == "dnskey"):
        key = traces.of("dnskey", name)
        gone_at = at if name in lost else None if key.is_here else key.gone_at
        ends_at = [] if gone_at is None else [(until, what) for kind, what in NEEDED if (until := _needed_until(traces, kind, name, lost)) is not None and gone_at < until]
        if ends_at and gone_at is not None:
            until, what = max(ends_at)
            found.append(TooEarly(name, gone_at, until, what))
    return tuple(found)


NEEDED: tuple[tuple[Kind, str], ...] = (("rrsig", "a signature that it alone made"), ("ds", "a DS that points to it alone"))


def _needed_until(traces: _Traces, kind: Kind, name: str, lost: frozenset[str]) -> datetime | None:
    """Until when caches may hold a signature, or a DS, of this key and of no other key that stays; None when never alone."""
    kept = {what for known, what in traces.known if known == "dnskey" and what != name and what not in lost and traces.of("dnskey", what).is_here}
    if name in lost and (kind, name) in traces.now:
        return None if any((kind, other) in traces.now for other in kept) else traces.at + timedelta(seconds=traces.now[kind, name])
    ends_at = [sight.last_at + timedelta(seconds=sight.ttl_seconds) for sight in traces.past.get((kind, name), ()) if not _beside(traces, sight, kept)]
    return max(ends_at, default=None)


def _beside(traces: _Traces, sight: Sight, kept: set[str]) -> bool:
    """Whether a key that stays had the same at the same place when this one was last seen."""
    others = (one for other in kept for one in traces.past.get((sight.kind, other), ()))
    return any(one.address == sight.address and (one.since_at or one.first_at) <= sight.last_at <= one.last_at for one in others)
