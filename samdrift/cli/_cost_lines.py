"""Cost lines as every command of costs prints them: items, columns and what blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from samdrift.model.section import Column

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from samdrift.cli.context import Context
    from samdrift.model.cost import Blocking


def line_columns(context: Context, shown: Sequence[Column]) -> Sequence[Column]:
    """The columns for people; in CSV every field of the items under its JSON name (costs.md 4)."""
    if context.output != "csv":
        return shown
    from samdrift.model.cost_json import LINE_FIELDS

    return [Column(name, name) for name in LINE_FIELDS]


def blocking_items(blocking: Iterable[Blocking]) -> list[dict[str, Any]]:
    """What blocks, as JSON values."""
    return [
        {"code": each.code, "pool": each.pool, "member": each.member, "meter": each.meter, "resource": each.resource, "text": each.text}
        for each in blocking
    ]  # fmt: skip


def say_blocking(context: Context, blocking: Iterable[Blocking]) -> None:
    """Each as a line for people."""
    for each in blocking:
        context.say(f"blocking[{each.code}]: {each.text}")
