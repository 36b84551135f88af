"""dnssec-rollover: keys change step by step, declared, in time, and none goes before caches have let go of it (RFC 7583)."""

from __future__ import annotations

from datetime import datetime, timedelta

from samdrift.compliance.key_states import KeyLife, KeyState, TooEarly, life_of_keys, retired_too_early
from samdrift.compliance.ledger import Ledger
from samdrift.compliance.remedies import OPERATOR, publish_ds, roll_on
from samdrift.compliance.zone import ZoneInHand
from samdrift.model.check import Check, Code
from samdrift.model.dns import types
from samdrift.model.finding import Finding, Reason, Remedy, Severity, Value
from samdrift.model.period import rfc3339

RUNS_NEEDED = 1
"""Earlier runs: with the present one these make two."""
STUCK_WARNING, STUCK_FAILURE = timedelta(days=3), timedelta(days=7)
"""How long past its due time a step may wait."""
MOVING = frozenset({KeyState.PUBLISHED, KeyState.READY, KeyState.RETIRED, KeyState.DEAD, KeyState.REVOKED})


def judge(hand: ZoneInHand, at: datetime) -> tuple[Finding, ...]:
    """The keys that are neither simply active nor gone; several active ones of a role are a rollover too."""
    ledger = Ledger(CHECK, hand, at)
    if (stop := ledger.stopped()) is not None:
        return stop
    if not any(hand.keys(address) for address in hand.speaking):
        return ledger.without_keys()
    keys = life_of_keys(hand, at)
    for early in retired_too_early(hand, at):
        _note_early(ledger, hand, early)
    moving = _moving(hand, keys)
    if moving and hand.past.runs < RUNS_NEEDED and hand.terms.rollover is None:
        ledger.unknown(Reason.NO_DATA, f"more keys than one of a kind ({_names(moving)}): whether they are being changed shows only in a second run")
    elif moving:
        _judge_moving(ledger, hand, moving, at)
    return ledger.findings(well=_well(keys), judged=hand.speaking, rtypes=(types.DNSKEY, types.SOA))


def _moving(hand: ZoneInHand, keys: tuple[KeyLife, ...]) -> tuple[KeyLife, ...]:
    """Keys on their way in or out; where several of one role are active, those that became so in the time that is known (two for good are no rollover)."""
    found = {key.name: key for key in keys if key.state in MOVING}
    first = hand.past.first_at
    for role in ("ksk", "zsk", "csk"):
        active = [key for key in keys if key.state is KeyState.ACTIVE and key.role == role]
        if len(active) > 1 and first is not None:
            found |= {key.name: key for key in active if key.since_at > first}
    return tuple(found[name] for name in sorted(found))


def _judge_moving(ledger: Ledger, hand: ZoneInHand, moving: tuple[KeyLife, ...], at: datetime) -> None:
    declared = hand.terms.rollover
    over = declared is not None and at >= declared.until_at
    for key in moving:
        value: dict[str, Value] = {"key_tag": key.tag, "algorithm": key.algorithm, "role": key.role, "state": str(key.state), "since_at": rfc3339(key.since_at)}
        text = f"key {key.tag} ({key.role}, algorithm {key.algorithm}) is {key.state} since {rfc3339(key.since_at)}"
        part, rrset = f"key-{key.name}", f"{hand.text}/DNSKEY"
        if declared is not None:
            ledger.note("in-progress", text, part=part, rrset=rrset, value=value)
        else:
            remedy = Remedy("Declare the rollover on the zone in zones.yml, or find out who changes its keys", record=_declaration(hand, key, at), by=OPERATOR)
            ledger.note("undeclared", f"{text}, and no rollover is declared", part=part, rrset=rrset, value=value, remedy=remedy)
        late = at - key.due_at
        if key.state is not KeyState.ACTIVE and (late > STUCK_WARNING or over):
            severity = Severity.FAILURE if late > STUCK_FAILURE else None
            why = f"its next step could have been taken {rfc3339(key.due_at)}" if late > STUCK_WARNING else "the declared end of the rollover has passed"
            ledger.note("stuck", f"{text}: {why}", part=part, rrset=rrset, value=value, remedy=_next_step(hand, key), severity=severity)


def _declaration(hand: ZoneInHand, key: KeyLife, at: datetime) -> str:
    kind = "ksk" if key.role in {"ksk", "csk"} else "zsk"
    return f'rollover: {{kind: {kind}, started: "{key.since_at:%Y-%m-%d}", until: "{at + timedelta(days=30):%Y-%m-%d}"}}  # zone {hand.seen.name}'


def _next_step(hand: ZoneInHand, key: KeyLife) -> Remedy:
    held = tuple(one for address in hand.speaking for one in hand.keys(address) if one.key_tag == key.tag and one.algorithm == key.algorithm)[:1]
    if key.state in {KeyState.PUBLISHED, KeyState.READY} and key.role in {"ksk", "csk"} and held:
        return publish_ds(hand, held, "The new key waits for its DS: publish it")
    return roll_on(hand, key.tag, str(key.state))


def _note_early(ledger: Ledger, hand: ZoneInHand, early: TooEarly) -> None:
    text = f"key {early.name.split('-')[0]} was taken away by {rfc3339(early.gone_at)}, while caches may hold {early.what} that it alone signed until {rfc3339(early.until_at)}"
    remedy = Remedy(f"Publish the key again until {rfc3339(early.until_at)}, then take it away", by=OPERATOR)
    value: dict[str, Value] = {"key_tag": int(early.name.split("-")[0]), "gone_at": rfc3339(early.gone_at), "until_at": rfc3339(early.until_at)}
    ledger.note("retired-too-early", text, part=f"key-{early.name}", rrset=f"{hand.text}/DNSKEY", value=value, remedy=remedy)


def _names(keys: tuple[KeyLife, ...]) -> str:
    return ", ".join(f"{key.tag} {key.state}" for key in keys)


def _well(keys: tuple[KeyLife, ...]) -> str:
    active = [str(key.tag) for key in keys if key.state is KeyState.ACTIVE]
    return f"active keys: {', '.join(active) or 'none'}"


CHECK = Check(
    id="dnssec-rollover",
    category="dnssec",
    title="Keys change in good order",
    requirement="A change of keys is declared, goes on step by step, and takes no key away before propagation and TTL have passed.",
    remedy="Take the next step of the rollover, or declare it.",
    codes=(
        Code("in-progress", Severity.NOTICE, "A declared change of keys goes on."),
        Code("undeclared", Severity.WARNING, "A change of keys goes on that nobody has declared."),
        Code("stuck", Severity.WARNING, "A step of the change waits for more than three days (over seven: a failure)."),
        Code("retired-too-early", Severity.FAILURE, "A key was taken away while caches may hold what it alone signed."),
    ),
    needs=("zone", "past"),
    references=("rfc:7583", "rfc:6781"),
    judge=judge,
)
