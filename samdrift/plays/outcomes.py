"""Outcomes: how a run ended for each host and member, in one line each (playbooks.md C5)."""

from __future__ import annotations

from collections.abc import Collection, Mapping


def outcome(numbers: Mapping[str, int] | None) -> str:
    """complete, failed, unreachable or not started, of what Ansible counted for a host (None: nothing).

    >>> outcome({"ok": 3, "changed": 1, "failed": 0, "unreachable": 0})
    'complete'
    """
    if numbers is None:
        return "not started"
    if numbers["unreachable"]:
        return "unreachable"
    return "failed" if numbers["failed"] else "complete"


def outcome_lines(served: Mapping[str, Collection[str]], counted: Mapping[str, Mapping[str, int]]) -> tuple[str, ...]:
    """A line for each host and member, the members first; a host of nobody (the controller) is told once.

    >>> outcome_lines({"lib-1": {"krokom", "are"}}, {})
    ('are: lib-1 not started', 'krokom: lib-1 not started')
    """
    hosts = sorted({*served, *counted})
    pairs = [(member, host) for host in hosts for member in sorted(served.get(host, ())) or ("-",)]
    return tuple(f"{member}: {host} {outcome(counted.get(host))}" for member, host in sorted(pairs))
