"""The options that every command takes, before or after the noun (interface.md U3)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import click

FORMS = ("table", "json", "csv", "md")
FINDING_FORMS = ("junit", "sarif")
"""Forms that check run alone can give."""


@dataclass(frozen=True, slots=True)
class GlobalOption:
    """One global option: its names, its help, its variable, and what it takes (nothing for a switch)."""

    names: tuple[str, ...]
    help: str
    takes: str | None = None
    variable: str | None = None
    choices: tuple[str, ...] = ()
    counts: bool = False

    def parameter(self) -> click.Option:
        """The option as click knows it, on the root command."""
        if self.takes is None:
            return click.Option(self.names, is_flag=not self.counts, count=self.counts, help=self.help)
        kind = click.Choice(self.choices) if self.choices else click.STRING
        return click.Option(self.names, type=kind, metavar=self.takes, envvar=self.variable, show_envvar=bool(self.variable), help=self.help)


GLOBAL_OPTIONS = (
    GlobalOption(("--inventory",), "Folder of the inventory.  [default: inventory]", "DIR", "SAMDRIFT_INVENTORY"),
    GlobalOption(("--store",), "State folder, or a database URL.", "DIR|URL", "SAMDRIFT_STORE"),
    GlobalOption(("--member",), "Only this member.", "ID", "SAMDRIFT_MEMBER"),
    GlobalOption(("--as",), "Read as this viewer; a member's id is one.", "VIEWER", "SAMDRIFT_AS"),
    GlobalOption(("--output",), "table, json, csv or md.  [default: table]", "FORM", "SAMDRIFT_OUTPUT", (*FORMS, *FINDING_FORMS)),
    GlobalOption(("--lang",), "Language of what people read: sv or en.", "LANG", "SAMDRIFT_LANG", ("sv", "en")),
    GlobalOption(("--at",), "Judge at this instant (RFC 3339) instead of now.", "TIME"),
    GlobalOption(("--quiet", "-q"), "Only errors on stderr; the data is the same."),
    GlobalOption(("--verbose", "-v"), "Tell steps; -vv each outside call; -vvv own faults whole.", counts=True),
    GlobalOption(("--no-color",), "No colour.  Also by NO_COLOR."),
)


def gathered(arguments: Sequence[str]) -> tuple[list[str], list[str]]:
    """(global options with their values, the rest) in their order; what stands after `--` is left alone.

    >>> gathered(["check", "run", "--output", "json", "-v"])
    (['--output', 'json', '-v'], ['check', 'run'])
    """
    by_name = {name: option for option in GLOBAL_OPTIONS for name in option.names}
    front: list[str] = []
    rest: list[str] = []
    waiting = list(arguments)
    while waiting:
        one = waiting.pop(0)
        if one == "--":
            return front, [*rest, one, *waiting]
        option = by_name.get(one.partition("=")[0]) if one.startswith("--") else by_name.get(one[:2]) if set(one[1:]) in ({"v"}, {"q"}) and one[0] == "-" else None
        if option is None:
            rest.append(one)
            continue
        front.append(one)
        if option.takes and "=" not in one and waiting:
            front.append(waiting.pop(0))
    return front, rest
