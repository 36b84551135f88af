"""What a backup reads is one thing, absolute, and on a device of its service; its key is its owner's alone (backup.md 5)."""

from __future__ import annotations

from collections.abc import Iterator

from samdrift.inventory.placed import Loaded, Placed
from samdrift.inventory.rule import Rule
from samdrift.model.nouns.backup import Source
from samdrift.model.problem import Problem


def judge(loaded: Loaded) -> Iterator[Problem]:
    """`path-not-absolute`, `source-twice`, `missing-key`, `device-not-of-service`, `key-shared`."""
    first: dict[tuple[str, str], tuple[Placed, int]] = {}
    keys: dict[str, tuple[str, Placed]] = {}
    for placed in loaded.all("backups"):
        backup, service = placed.thing, loaded.by_id("services").get(placed.thing.service)
        for index, source in enumerate(backup.sources):
            yield from _source(placed, index, source)
            what = source.path or (f"postgres:{source.postgres}" if source.postgres else f"command:{source.name}")
            other, at = first.setdefault((backup.device, what), (placed, index))
            if (other, at) != (placed, index):
                yield placed.problem(
                    "source-twice",
                    f"{what} of {backup.device} is in {other.id} already",
                    "sources",
                    index,
                    related=(other.place("sources", at),),
                )
        if (
            service is not None
            and service.thing.devices
            and backup.device not in service.thing.devices
            and loaded.ids("devices").issuperset(service.thing.devices)
        ):
            message = f"{backup.device} is no device of service {service.id}"
            yield placed.problem(
                "device-not-of-service",
                message,
                "device",
                help=f"its devices: {', '.join(service.thing.devices)}",
                related=(service.place("devices"),),
            )
        if backup.key is not None and service is not None:
            owner = _owner(loaded, service)
            whose, other = keys.setdefault(backup.key, (owner, placed))
            if whose != owner:
                message = f"the key of {placed.id} is that of {other.id} too, which is {whose}'s"
                yield placed.problem(
                    "key-shared", message, "key", help="a key of its own for each owner", related=(other.place("key"),)
                )


def _source(placed: Placed, index: int, source: Source) -> Iterator[Problem]:
    path = source.path
    if path is None and source.postgres is None and not source.command:
        yield placed.problem("missing-key", f"a source of {placed.id}: path or postgres is missing", "sources", index)
    elif source.command and source.name is None:
        yield placed.problem("missing-key", f"a source of {placed.id}: name of the command's output is missing", "sources", index)
    elif path is not None and not path.startswith(("/", "state:")):
        yield placed.problem("path-not-absolute", f"{path!r} does not begin with /", "sources", index, "path")


def _owner(loaded: Loaded, service: Placed) -> str:
    """Whose repository it is (backup.md 1)."""
    operator = service.thing.operator
    return operator if operator in loaded.ids("members") else f"shared-{service.id}"


RULE = Rule(
    "backup-sources", ("path-not-absolute", "source-twice", "missing-key", "device-not-of-service", "key-shared"), judge
)
