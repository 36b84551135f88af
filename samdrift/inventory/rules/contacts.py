"""Every member can be reached, and the host organisation around the clock."""

from __future__ import annotations

from collections.abc import Iterator

from samdrift.inventory.placed import Loaded
from samdrift.inventory.rule import Rule
from samdrift.model.problem import Problem


def judge(loaded: Loaded) -> Iterator[Problem]:
    """`contact-missing` without an it-manager, `around-the-clock-missing` at the host organisation's contacts."""
    host = loaded.settings.thing.host_organisation if loaded.settings else None
    for placed in loaded.all("members"):
        contacts = placed.thing.contacts
        if contacts and not any(contact.role == "it-manager" for contact in contacts) and placed.whole:
            yield placed.problem("contact-missing", f"{placed.id} has no contact with the role it-manager", "contacts")
        if placed.id == host and placed.whole and not any(contact.hours == "always" for contact in contacts):
            message = f"the host organisation {placed.id} has no contact with hours: always"
            yield placed.problem("around-the-clock-missing", message, "contacts")


RULE = Rule("contacts", ("contact-missing", "around-the-clock-missing"), judge)
