"""What is told, and when: reachability after two runs, the rest at once; what has an alert of its own is left out of the general one (dns.md D11)."""

from __future__ import annotations

from samdrift.model.finding import Finding, History, Status

OPEN = frozenset({Status.FAILURE, Status.WARNING})
REACHABILITY = frozenset({"no-working-server", "unreachable", "no-answer", "port-closed", "no-https", "dropped"})
"""Codes that one lost packet may give; they are told from the second run in a row on."""
RUNS_UNTIL_TOLD = 2
OWN_ALERT = frozenset({"delegation-exists", "dnssec-chain", "dnssec-rrsig-lifetime", "tls-certificate-expiry", "dns-secondary-lag", "tls-security-txt", "dnssec-rollover"})
"""Checks whose findings have alerts of their own (common.md 5)."""
EXISTS = "delegation-exists"
UNREACHABLE = frozenset({"no-working-server", "no-zone"})
"""Codes of `delegation-exists` that mean that nobody reaches the zone."""


def is_told(finding: Finding, history: History) -> bool:
    """Whether a finding is to be told now; one that is waived never is."""
    if finding.status not in OPEN:
        return False
    return finding.code not in REACHABILITY or history.runs_open >= RUNS_UNTIL_TOLD
