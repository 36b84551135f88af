"""Platform: how one kind of network device is asked, where its text ends, what moves by itself and what is secret in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from samdrift.model.registry import scan


@dataclass(frozen=True, slots=True)
class Platform:
    """One platform. `driver` is netmiko's device type; `end_mark` the last line of a whole text.

    `noise`: patterns of whole lines that change without anybody's doing and are left out. `secrets`: patterns of a line whose
    first group stays and whose rest is replaced by `<redacted>`. A line that begins with one of `errors` is no configuration.
    """

    id: str
    driver: str
    command: str
    end_mark: str
    noise: tuple[str, ...]
    secrets: tuple[str, ...]
    errors: tuple[str, ...] = ("% ",)


@cache
def platforms() -> Mapping[str, Platform]:
    """All platforms, by the id that a device's `platform` says."""
    import samdrift.network.platforms as package

    return scan(package, "PLATFORM", Platform)
