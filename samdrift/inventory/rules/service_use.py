"""A service that is run here stands on a device, and somebody uses it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

from samdrift.inventory.placed import Loaded
from samdrift.inventory.rule import Rule
from samdrift.model.nouns.member import MemberKind
from samdrift.model.problem import Problem


def judge(loaded: Loaded) -> Iterator[Problem]:
    """`service-without-device`, `used-by-nobody`, and `unknown-reference` for a user that is nobody."""
    kinds = set(get_args(MemberKind))
    for placed in loaded.all("services"):
        service = placed.thing
        if (
            service.state == "active"
            and not service.devices
            and service.operator not in loaded.ids("suppliers")
            and placed.whole
        ):
            help = "name its devices; what a supplier runs has that supplier as operator"
            yield placed.problem("service-without-device", f"{placed.id} stands on no device", help=help)
        for index, user in enumerate(service.used_by):
            known = user == "all" or user in loaded.ids("members") or user.removeprefix("kind:") in kinds
            if not known and not loaded.may_be_elsewhere(user):
                yield placed.problem(
                    "unknown-reference",
                    f"there is no member {user!r}",
                    "used_by",
                    index,
                    help="a member's id, kind:municipality, or all",
                )
        if (service.state != "retired" and not service.used_by) or (
            service.used_by and not loaded.users(service.used_by) and _all_known(service, kinds)
        ):
            yield placed.problem("used-by-nobody", f"nobody uses {placed.id}", "used_by")


def _all_known(service: object, kinds: set[str]) -> bool:
    return all(user == "all" or user.removeprefix("kind:") in kinds for user in getattr(service, "used_by", ()))


RULE = Rule("service-use", ("service-without-device", "used-by-nobody", "unknown-reference"), judge)
