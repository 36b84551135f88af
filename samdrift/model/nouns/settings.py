"""Settings: inventory/samdrift.yml, the only file that ansible.cfg names."""

from __future__ import annotations

from typing import Literal

from samdrift.model.fields import Noun, Ref, Text
from samdrift.model.nouns import NounSpec

Family = Literal["ipv6", "ipv4"]


class Defaults(Noun):
    """What holds where a device says nothing."""

    management: Family = "ipv6"
    window: Ref | None = None
    user: Text = "drift"


class Settings(Noun):
    """The head of an inventory."""

    plugin: Literal["samdrift"]
    version: Literal[1]
    host_organisation: Ref
    defaults: Defaults = Defaults()
    limits: dict[str, int] = {}
    simulated_pages: bool = False


NOUN = NounSpec("samdrift", "settings", Settings, settings=True)
