"""Settings: inventory/samdrift.yml, the only file that ansible.cfg names."""

from __future__ import annotations

from typing import Literal

from samdrift.model.fields import Noun, Ref, Text
from samdrift.model.nouns import NounSpec

Family = Literal["ipv6", "ipv4"]


class Defaults(Noun):
    """What holds where a device says nothing."""

    management: Family = "ipv6"
    """The family by which devices are reached. For example: ipv6"""
    window: Ref | None = None
    """The window of devices that name none. For example: vardagsnatt"""
    user: Text = "drift"
    """The user that playbooks log in as. For example: drift"""


class Settings(Noun):
    """The head of an inventory."""

    plugin: Literal["samdrift"]
    """The name by which Ansible knows the file. For example: samdrift"""
    version: Literal[1]
    """The version of the inventory's form. For example: 1"""
    host_organisation: Ref
    """The member that hosts the joint board. For example: region-jh"""
    defaults: Defaults = Defaults()
    """Family, window and user of devices that name none."""
    limits: dict[str, int] = {}
    """Name of a limit to its value. For example: {hosts: 2000}"""
    simulated_pages: bool = False
    """Whether alerts of simulated readings page. For example: false"""


NOUN = NounSpec("samdrift", "settings", Settings, settings=True)
