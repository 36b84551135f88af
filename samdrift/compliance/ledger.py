"""The ledger of one check on one zone: what was seen at which address becomes one finding when all agree, else one an address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from samdrift.compliance.zone import ZoneInHand
from samdrift.model.check import Check
from samdrift.model.dns import types
from samdrift.model.dns.evidence import answer_id
from samdrift.model.finding import SEVERITY_STATUS, Finding, Reason, Remedy, Severity, Status, Subject, Value


@dataclass(frozen=True, slots=True)
class _Entry:
    code: str
    part: str | None
    message: str
    rrset: str | None
    value: Mapping[str, Value]
    remedy: Remedy | None
    severity: Severity


@dataclass
class Ledger:
    """`note` what was seen, then `findings()`. Findings rest on the evidence of the addresses and record types they came from."""

    check: Check
    hand: ZoneInHand
    at: datetime
    _seen: dict[tuple[str, str | None, str], tuple[_Entry, set[str]]] = field(default_factory=dict)
    _unknown: list[tuple[Reason, str, str | None, str]] = field(default_factory=list)

    def note(
        self, code: str, message: str, *, address: str | None = None, part: str | None = None, rrset: str | None = None,
        value: Mapping[str, Value] | None = None, remedy: Remedy | None = None, severity: Severity | None = None,
    ) -> None:  # fmt: skip
        """One sight of a code; `part` tells several of one code apart (a key tag, a record type). `severity` replaces the code's own where a rule says so."""
        _, places = self._seen.setdefault((code, part, message), (_Entry(code, part, message, rrset, value or {}, remedy, severity or self.check.code(code).severity), set()))
        if address is not None:
            places.add(address)

    def unknown(self, reason: Reason, message: str, *, part: str | None = None, code: str = "undetermined") -> None:
        """Something that could not be looked at or decided."""
        if (reason, message, part, code) not in self._unknown:
            self._unknown.append((reason, message, part, code))

    @property
    def noted(self) -> bool:
        """Whether anything was noted or could not be decided."""
        return bool(self._seen or self._unknown)

    def findings(self, *, well: str, judged: Iterable[str] = (), rtypes: Iterable[int] = (), value: Mapping[str, Value] | None = None) -> tuple[Finding, ...]:
        """All findings. `judged` are the addresses compared; `well` is said (code ok) when there was no failure, warning or unknown."""
        everywhere = frozenset(judged)
        kinds = tuple(rtypes)
        found = []
        for entry, places in self._seen.values():
            if not places or (len(everywhere) > 1 and places >= everywhere):
                found.append(self._finding(entry, None, self._evidence(everywhere, kinds)))
            else:
                found += [self._finding(entry, place, self._evidence({place}, kinds)) for place in sorted(places)]
        found += [self._undetermined(*one) for one in self._unknown]
        cut = self.hand.seen.stopped
        if cut is not None and Reason.DEADLINE not in {one.reason for one in found}:
            found.append(self._undetermined(cut, f"the look at {self.hand.seen.name} ended before it was whole", "look", "undetermined"))
        if all(one.status in {Status.OK, Status.NOT_APPLICABLE} for one in found):
            found.append(self._make("ok", Status.OK, Severity.INFO, well, None, value or {}, self._evidence(everywhere, kinds)))
        return tuple(sorted(found, key=lambda one: one.sort_key))

    def not_applicable(self, message: str) -> tuple[Finding, ...]:
        """There is nothing to judge."""
        return (self._make("not-applicable", Status.NOT_APPLICABLE, Severity.INFO, message, None, {}, ()),)

    def without_keys(self) -> tuple[Finding, ...]:
        """No address gave a DNSKEY: the zone is not signed, or nobody could be asked for its keys."""
        hand = self.hand
        if any(hand.tells(address, types.DNSKEY) for address in hand.speaking):
            return self.not_applicable(f"{hand.seen.name} is not signed")
        return self.unasked("DNSKEY")

    def unasked(self, name: str) -> tuple[Finding, ...]:
        """No server could be asked for a type: nothing is known."""
        self.unknown(Reason.NO_DATA, f"no server answered the question for {name}")
        return self.findings(well="")

    def stopped(self, *, answering: bool = False) -> tuple[Finding, ...] | None:
        """The two stops of dns.md D2, and a look that was cut short: what every check of the zone says then; None to go on.

        With `answering` an answer of any kind is enough to go on: for the checks that judge servers without authority.
        """
        seen = self.hand.seen
        good = self.hand.speaking or (answering and self.hand.answering)
        if seen.stopped is not None and not good:
            self.unknown(seen.stopped, f"the look at {seen.name} ended before it was whole")
        elif self.hand.exists is False:
            return self.not_applicable(f"{seen.name} is no zone")
        elif not good:
            self.unknown(self._why_silent(), f"no address of {seen.name} answers for it")
        else:
            return None
        return self.findings(well="")

    def _why_silent(self) -> Reason:
        """no-working-server, unless it is we who cannot look."""
        hand = self.hand
        troubles = [hand.trouble(address, "udp") for address in hand.child_addresses]
        if troubles and not any(proven for _, proven in troubles):
            return troubles[0][0]
        return hand.without_vantage or Reason.NO_WORKING_SERVER

    def _evidence(self, places: Iterable[str], rtypes: tuple[int, ...]) -> tuple[str, ...]:
        wanted = set(places)
        found = [answer_id(each) for each in self.hand.seen.exchanges if each.address in wanted and each.type in rtypes]
        return tuple(dict.fromkeys(one for one in found if one is not None))

    def _finding(self, entry: _Entry, place: str | None, evidence: tuple[str, ...]) -> Finding:
        severity = entry.severity
        value: dict[str, Value] = dict(entry.value)
        part = entry.part
        if place is not None:
            part = f"{part}@{place}" if part else place
            value |= {"address": place, "server": " ".join(self.hand.servers_at(place)) or None}
        if entry.rrset is not None:
            value["rrset"] = entry.rrset
        return self._make(entry.code, SEVERITY_STATUS[severity], severity, entry.message, part, value, evidence, remedy=entry.remedy)

    def _undetermined(self, reason: Reason, message: str, part: str | None, code: str) -> Finding:
        return self._make(code, Status.UNDETERMINED, Severity.INFO, message, part, {}, (), reason=reason)

    def _make(
        self, code: str, status: Status, severity: Severity, message: str, part: str | None, value: Mapping[str, Value],
        evidence: tuple[str, ...], *, reason: Reason | None = None, remedy: Remedy | None = None,
    ) -> Finding:  # fmt: skip
        hand = self.hand
        if hand.not_asked:
            value = {**value, "not_asked": tuple(hand.not_asked)}
        return Finding(
            check=self.check.id, code=code, subject=Subject("zone", hand.seen.name, part), status=status, severity=severity, message=message,
            observed_at=hand.seen.started_at, member=hand.terms.member, members=hand.terms.members, view=hand.seen.view, reason=reason,
            value=value, evidence=evidence, remedy=remedy,
        )  # fmt: skip
