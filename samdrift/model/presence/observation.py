"""What was observed of a zone's web and mail: look-ups, the zone's servers asked one by one, hosts and talks (dns.md 2.2, D9)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from samdrift.model.dns.names import Name, to_text
from samdrift.model.dns.observation import Exchange, Family, Host
from samdrift.model.dns.view import Anchor
from samdrift.model.finding import Reason
from samdrift.model.presence.lookup import Lookup
from samdrift.model.presence.talks import MailTalk, WebTalk

MOST_HOSTS = 20
"""Mail or web hosts of one zone that are met, those preferred first; that there are more is told as too-costly."""


@dataclass(frozen=True, slots=True)
class PresenceObservation:
    """`exists` says whether the name is a zone; None when nobody could say. `last_answer` and `last_smtp` when each family, and
    port 25, was last known to work in the run (D5). `stopped` when the look was cut short; what was seen until then stands.
    `chain` holds the keys and DS above the mail and web hosts, `anchors` what the view trusts (None: nobody said).
    `authorities` is False when neither the view nor the system has any: then no certificate can be told trusted or not.
    """

    zone: Name
    view: str
    started_at: datetime
    ended_at: datetime
    exists: bool | None = None
    unknown: Reason | None = None
    lookups: tuple[Lookup, ...] = ()
    at_servers: tuple[Exchange, ...] = ()
    hosts: tuple[Host, ...] = ()
    web: tuple[WebTalk, ...] = ()
    mail: tuple[MailTalk, ...] = ()
    last_answer: Mapping[Family, datetime] = field(default_factory=dict)
    last_smtp: datetime | None = None
    stopped: Reason | None = None
    chain: tuple[Exchange, ...] = ()
    anchors: tuple[Anchor, ...] | None = None
    authorities: bool = True

    @property
    def name(self) -> str:
        """The zone as people and JSON write it."""
        return to_text(self.zone).removesuffix(".") or "."
