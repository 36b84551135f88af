"""What `check explain` teaches of each check: why it matters, what is measured, and an example of the remedy."""

from __future__ import annotations

from collections.abc import Mapping

from samdrift.compliance.lessons.delegation import DELEGATION
from samdrift.compliance.lessons.dns import DNS
from samdrift.compliance.lessons.dnssec import DNSSEC
from samdrift.compliance.lessons.ipv6 import IPV6
from samdrift.compliance.lessons.lesson import Lesson
from samdrift.compliance.lessons.mail import MAIL
from samdrift.compliance.lessons.other import OTHER
from samdrift.compliance.lessons.tls import TLS

__all__ = ["LESSONS", "Lesson"]

LESSONS: Mapping[str, Lesson] = {**DELEGATION, **DNSSEC, **IPV6, **MAIL, **TLS, **DNS, **OTHER}
"""Check id → its lesson."""
