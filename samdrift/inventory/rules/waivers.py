"""A waiver names a check or rule that is there and somebody who answers for it; too long or expired it is a warning (I8, I10)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from samdrift.inventory.placed import Loaded, Placed
from samdrift.inventory.rule import Rule
from samdrift.model.errors import nearest
from samdrift.model.period import local_day
from samdrift.model.problem import Problem

LONGEST = timedelta(days=366)


def judge(loaded: Loaded) -> Iterator[Problem]:
    """`unknown-reference` for check and owner; warnings `waiver-expired` and `waiver-too-long` at `until`."""
    from samdrift.inventory.rules import rules

    codes = frozenset(code for rule in rules().values() for code in rule.codes)
    contacts = _contacts(loaded)
    today = local_day(loaded.at)
    for placed in loaded.all("waivers"):
        waiver = placed.thing
        check = waiver.check.partition("/")[0]
        known = codes | (loaded.known.checks or frozenset())
        if loaded.known.checks is not None and check not in known and not check.startswith("rule:"):
            near = nearest(check, known)
            help = f"did you mean {near!r}?" if near else "list them: samdrift check list"
            yield placed.problem("unknown-reference", f"there is no check {check!r}", "check", help=help)
        if waiver.owner not in contacts and "members" not in loaded.doubtful:
            near = nearest(waiver.owner, contacts)
            yield placed.problem(
                "unknown-reference",
                f"there is no contact {waiver.owner!r}",
                "owner",
                help=f"did you mean {near!r}?" if near else "an e-mail or id of a contact",
            )
        yield from _dates(placed, today)


def _contacts(loaded: Loaded) -> frozenset[str]:
    found: set[str] = set()
    for noun in ("members", "suppliers", "operators"):
        for placed in loaded.all(noun):
            for contact in placed.thing.contacts:
                found |= {contact.email} | ({contact.id} if contact.id else set())
    return frozenset(found)


def _dates(placed: Placed, today: object) -> Iterator[Problem]:
    waiver = placed.thing
    if waiver.until <= today:
        yield placed.problem(
            "waiver-expired",
            f"the waiver ended on {waiver.until}",
            "until",
            help="mend what it waives, or renew it",
            level="warning",
        )
    elif waiver.until - (waiver.from_ or today) > LONGEST:
        yield placed.problem("waiver-too-long", "a waiver lasts at most 366 days", "until", level="warning")


RULE = Rule("waivers", ("unknown-reference", "waiver-expired", "waiver-too-long"), judge)
