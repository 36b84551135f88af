"""Target job: what a storage host needs to keep a backup target, complete enough for a playbook (backup.md B2, B11)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from hashlib import sha256


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One server over a target's folder: `writes` appends, else it only reads; `private` confines each login to the folder of its name.

    `users` is its file of logins, hashes alone; `certificate_key` is a secret; `ca` is the path of its authority's certificate on the controller.
    """

    name: str
    target: str
    folder: str
    url: str
    port: int
    writes: bool
    private: bool
    logins: tuple[str, ...]
    users: str = field(default="", repr=False)
    certificate: str = field(default="", repr=False)
    certificate_key: str = field(default="", repr=False)
    ca: str = ""

    @property
    def certificate_sha256(self) -> str:
        """What its certificate is known by: an endpoint that runs with another is started anew."""
        return sha256(self.certificate.encode()).hexdigest()

    @property
    def unit(self) -> str:
        """Its systemd unit.

        >>> Endpoint("hall-append", "hall", "/srv/backup", "https://hall.example:8000", 8000, True, True, ()).unit
        'samdrift-backup-hall-append.service'
        """
        return f"samdrift-backup-{self.name}.service"


@dataclass(frozen=True, slots=True)
class KeptTarget:
    """One target of a host: its folder, the ballast in bytes (0: none), its endpoints, and owners without a login yet with the reason."""

    target: str
    site: str
    device: str
    folder: str
    ballast_bytes: int
    endpoints: tuple[Endpoint, ...] = ()
    unresolved: Mapping[str, str] = field(default_factory=dict)
    made: tuple[str, ...] = ()

    def to_json(self) -> dict[str, object]:
        """A JSON object for the playbook; it holds the certificates' keys."""
        return {**asdict(self), "endpoints": [{**asdict(one), "unit": one.unit} for one in self.endpoints]}
