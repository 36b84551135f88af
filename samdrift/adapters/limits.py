"""The one table of limits: times of network calls and programs, and sizes of what is read (reliability.md X1)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class Limit:
    """Seconds to connect, to wait for the next bytes, and for the whole call with its retries; `attempts` at most 3."""

    connect_s: float
    read_s: float
    total_s: float
    attempts: int = 1


NETWORK: Mapping[str, Limit] = MappingProxyType(
    {
        "alertmanager": Limit(2, 5, 10, attempts=3),
        "backup": Limit(5, 30, 3600),
        "dns": Limit(3, 1.5, 5, attempts=3),
        "http": Limit(3, 5, 10),
        "network-device": Limit(5, 15, 90),
        "notify": Limit(3, 10, 20),
        "nut": Limit(2, 3, 6),
        "postgres": Limit(3, 10, 30),
        "prometheus": Limit(2, 10, 30, attempts=3),
        "redfish": Limit(3, 10, 30),
        "smtp": Limit(3, 20, 27),
        "snmp": Limit(2, 3, 9, attempts=3),
        "ssh": Limit(5, 15, 60),
    }
)
"""Adapter → its limits."""

ZONE_SECONDS = 30.0
"""One zone's look, from its parent to its last address (dns.md D6)."""
REDIRECTS = 5
"""Redirects of one HTTP request that are followed (dns.md D6)."""
RUN_SECONDS = 300.0
"""A whole run of checks, where no deadline is given."""

PROGRAM_SECONDS: Mapping[str, int] = MappingProxyType({"git": 60, "promtool": 60, "amtool": 30, "ssh-keyscan": 15, "restic": 3600, "ansible": 3600})
"""Program → seconds until it is asked to end, where the caller has no deadline of its own."""

GRACE_S = 8.0
"""From the asking signal to SIGKILL: with reading its last output, gone within 10 s of its limit (reliability.md R5)."""

KIB, MIB = 2**10, 2**20

SIZES: Mapping[str, int] = MappingProxyType(
    {
        "inventory-file": MIB,
        "inventory-data-file": 10 * MIB,
        "inventory-total": 64 * MIB,
        "inventory-files": 20_000,
        "response": 10 * MIB,
        "archive": 100 * MIB,
        "webhook": 4 * MIB,
        "program-output": 64 * MIB,
        "secret": 64 * KIB,
        "device-text": 10 * MIB,
        "hash-block": MIB,
        "repository-list": 64 * MIB,
        "samples": 32 * MIB,
        "http-head": 64 * KIB,
        "http-body": MIB,
        "security-txt": 32 * KIB,
        "smtp-dialogue": 64 * KIB,
        "trust-store": 4 * MIB,
        "as-table": 256 * MIB,
    }
)
"""What is read → bytes (files: a count); more is refused, never cut in silence."""

MAX_DEPTH = 20
"""Levels of nesting in any document from outside."""
