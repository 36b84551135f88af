"""The ledger of one check on one zone's mail or web: what was seen at hosts and addresses becomes findings, one a host and code."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from samdrift.compliance.presence import PresenceInHand
from samdrift.model.check import Check
from samdrift.model.dns.evidence import evidence_id
from samdrift.model.dns.names import ROOT
from samdrift.model.finding import SEVERITY_STATUS, Finding, Reason, Remedy, Severity, Status, Subject, Value
from samdrift.model.presence.lookup import Lookup
from samdrift.model.presence.talks import MailTalk, WebTalk


@dataclass(slots=True)
class _Entry:
    code: str
    message: str
    part: str | None
    host: str | None
    value: Mapping[str, Value]
    remedy: Remedy | None
    rrset: str | None
    severity: Severity | None
    addresses: dict[str, None] = field(default_factory=dict)
    evidence: dict[str, None] = field(default_factory=dict)


@dataclass
class PresenceLedger:
    """`note` what was seen, then `findings()`. What is noted of several addresses in the same words is one finding."""

    check: Check
    hand: PresenceInHand
    at: datetime
    _seen: dict[tuple[str, str | None, str], _Entry] = field(default_factory=dict)
    _unknown: dict[tuple[Reason, str | None], tuple[str, dict[str, None]]] = field(default_factory=dict)
    _skipped: dict[str, Reason] = field(default_factory=dict)

    def note(
        self, code: str, message: str, *, host: str | None = None, address: str | None = None, part: str | None = None, value: Mapping[str, Value] | None = None,
        remedy: Remedy | None = None, rests_on: Iterable[Lookup | WebTalk | MailTalk] = (), rrset: str | None = None, severity: Severity | None = None,
    ) -> None:  # fmt: skip
        """One sight of a code; `severity` where the code weighs less here than it usually does."""
        part = part or host
        entry = self._seen.setdefault((code, part, message), _Entry(code, message, part, host, value or {}, remedy, rrset, severity))
        entry.evidence.update(dict.fromkeys(one for source in rests_on for one in evidence_of(source)))
        if address is not None:
            entry.addresses[address] = None

    def unknown(self, reason: Reason, message: str, *, part: str | None = None, address: str | None = None) -> None:
        """Something that could not be looked at or decided."""
        _, addresses = self._unknown.setdefault((reason, part), (message, {}))
        if address is not None:
            addresses[address] = None

    def skip(self, address: str, reason: Reason) -> None:
        """An address that is not judged here because it does not answer; what is said of the others lists it (D2)."""
        self._skipped[address] = reason

    @property
    def noted(self) -> bool:
        """Whether anything was noted or could not be decided."""
        return bool(self._seen or self._unknown)

    def findings(self, *, well: str, value: Mapping[str, Value] | None = None, rests_on: Iterable[Lookup | WebTalk | MailTalk] = ()) -> tuple[Finding, ...]:
        """All findings; `well` is said (code ok) when there was no failure, warning or unknown."""
        stopped = self.hand.seen.stopped
        if stopped is not None and all(reason is not stopped for reason, _ in self._unknown):
            self.unknown(stopped, f"the look at {self.hand.seen.name} ended before it was whole")
        if self._meets_mail and self.hand.left_out:
            self.unknown(Reason.TOO_COSTLY, f"{self.hand.left_out} mail exchangers more than can be met", part="more")
        parts: dict[tuple[str, str | None], int] = {}
        for entry in self._seen.values():
            parts[entry.code, entry.part] = parts.get((entry.code, entry.part), 0) + 1
        found = [self._finding(entry, alone=parts[entry.code, entry.part] == 1) for entry in self._seen.values()]
        found += [self._undetermined(reason, part, *told) for (reason, part), told in self._unknown.items()]
        if all(one.status in {Status.OK, Status.NOT_APPLICABLE} for one in found):
            evidence = tuple(dict.fromkeys(one for source in rests_on for one in evidence_of(source)))
            found.append(self._make("ok", Status.OK, Severity.INFO, well, None, value or {}, evidence))
        return tuple(sorted(found, key=lambda one: one.sort_key))

    def not_applicable(self, message: str) -> tuple[Finding, ...]:
        """There is nothing to judge; that is not known of a look that was cut short."""
        if self.hand.seen.stopped is not None and self.hand.seen.exists is not False:
            return self.findings(well="")
        return (self._make("not-applicable", Status.NOT_APPLICABLE, Severity.INFO, message, None, {}, ()),)

    def stopped(self) -> tuple[Finding, ...] | None:
        """The two stops of dns.md D2; None to go on."""
        seen = self.hand.seen
        if seen.exists is False:
            return self.not_applicable(f"{seen.name} is no zone")
        if seen.zone == ROOT:
            return self.not_applicable("the root has neither mail nor web")
        if seen.exists is None:
            self.unknown(seen.stopped or seen.unknown or Reason.NO_DATA, f"whether {seen.name} is a zone could not be found out")
            return self.findings(well="")
        return None

    @property
    def _meets_mail(self) -> bool:
        """Whether the check is about each mail exchanger."""
        return "mail-servers" in self.check.needs or self.check.id in {"mail-mx", "mail-mx-dnssec"}

    def _finding(self, entry: _Entry, *, alone: bool) -> Finding:
        severity = entry.severity or self.check.code(entry.code).severity
        addresses, value = tuple(entry.addresses), dict(entry.value)
        if entry.host is not None:
            value["server"] = entry.host
        if addresses:
            value |= {"address": addresses[0]} if len(addresses) == 1 else {"address": None, "addresses": addresses}
        if entry.rrset is not None:
            value["rrset"] = entry.rrset
        part = entry.part if alone or not addresses else f"{entry.part}@{addresses[0]}"
        return self._make(entry.code, SEVERITY_STATUS[severity], severity, entry.message, part, value, tuple(entry.evidence), remedy=entry.remedy)

    def _undetermined(self, reason: Reason, part: str | None, message: str, addresses: Mapping[str, None]) -> Finding:
        value: dict[str, Value] = {"addresses": tuple(addresses)} if addresses else {}
        return self._make("undetermined", Status.UNDETERMINED, Severity.INFO, message, part, value, (), reason=reason)

    def _make(
        self, code: str, status: Status, severity: Severity, message: str, part: str | None, value: Mapping[str, Value], evidence: tuple[str, ...], *,
        reason: Reason | None = None, remedy: Remedy | None = None,
    ) -> Finding:  # fmt: skip
        hand = self.hand
        if self._skipped:
            value = {**value, "not_asked": tuple({"address": address, "reason": str(why)} for address, why in sorted(self._skipped.items()))}
        return Finding(
            check=self.check.id, code=code, subject=Subject("zone", hand.seen.name, part), status=status, severity=severity, message=message,
            observed_at=hand.seen.started_at, member=hand.terms.member, members=hand.terms.members, view=hand.seen.view, reason=reason, value=value,
            evidence=evidence, remedy=remedy,
        )  # fmt: skip


def evidence_of(source: Lookup | WebTalk | MailTalk) -> tuple[str, ...]:
    """The ids of what is kept of a look-up or a talk."""
    if isinstance(source, Lookup):
        return tuple(evidence_id(each.reply) for each in source.exchanges if each.reply is not None)
    certificates = source.tls.chain[:1] if source.tls else ()
    if isinstance(source, MailTalk):
        return tuple(evidence_id(one) for one in (source.dialogue.encode(), *certificates))
    return tuple(evidence_id(one) for one in (*(hop.head for hop in source.hops), *certificates))
