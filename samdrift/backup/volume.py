"""Volume: what is stored and protected, as readings for metering (backup.md B19)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from samdrift.model.reading import SHARED, UNASSIGNED, Quality, Reading


@dataclass(frozen=True, slots=True)
class RepositoryVolume:
    """Bytes of all objects of one repository on one site's disk, leftovers too; `path` is `<owner>/<name>`."""

    path: str
    site: str
    stored_bytes: int


def volume_readings(volumes: Iterable[RepositoryVolume], sites: Iterable[str], members: Mapping[str, object], at: datetime) -> tuple[Reading, ...]:
    """One `backup-volume` reading a repository: the sum of all sites, and none when a site could not be measured (a gap, never a smaller sum)."""
    found: dict[str, dict[str, int]] = {}
    for one in volumes:
        found.setdefault(one.path, {})[one.site] = one.stored_bytes
    wanted = set(sites)
    return tuple(
        Reading("backup-volume", path, member_of(path, members), sum(by_site.values()), Quality.MEASURED, "backup", at=at)
        for path, by_site in sorted(found.items())
        if wanted <= set(by_site)
    )


def protected_readings(protected: Mapping[str, tuple[str, int]], at: datetime) -> tuple[Reading, ...]:
    """One `backup-protected` reading a backup with a usable snapshot: its restore size. `protected` maps backup → (member, bytes)."""
    return tuple(Reading("backup-protected", backup, member, size, Quality.MEASURED, "backup", at=at) for backup, (member, size) in sorted(protected.items()))


def member_of(path: str, members: Mapping[str, object]) -> str:
    """The member that a repository is named after, `shared` for a joint service, else `unassigned`."""
    owner = path.partition("/")[0]
    if owner in members:
        return owner
    return SHARED if owner.startswith("shared-") else UNASSIGNED
