"""Context: what every command gets, made once from the global options; the way to the inventory, the store and the output."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from samdrift.cli import output as _output
from samdrift.cli.frame.progress import Progress
from samdrift.cli.frame.terminal import Terminal, here
from samdrift.model.errors import Refused, UnknownId, WrongUse
from samdrift.model.outside_text import harmless
from samdrift.model.period import YEARS, read_instant
from samdrift.model.section import Column
from samdrift.model.text import Language, Text
from samdrift.model.viewer import OPERATIONS, Viewer, member_viewer

if TYPE_CHECKING:
    from samdrift.model.inventory import Inventory
    from samdrift.operations.open_store import Store


def say(message: str) -> None:
    """A line on stderr, harmless; a closed stderr stops no work."""
    if sys.stderr is None:
        return
    try:
        sys.stderr.write("\n".join(harmless(line) for line in message.split("\n")).encode(sys.stderr.encoding or "ascii", "backslashreplace").decode(sys.stderr.encoding or "ascii") + "\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        return


def state_folder(store: str | None) -> Path:
    """The folder of a `--store` that is one, else the machine's (root) or the user's XDG state folder."""
    if store and "://" not in store:
        return Path(store)
    if os.geteuid() == 0:
        return Path("/var/lib/samdrift")
    return Path(os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state") / "samdrift"


@dataclass(frozen=True)
class Context:
    """The global options, read. `at` is --at or the instant of the start; `output` one of table json csv md."""

    inventory_path: Path
    store_location: str | None
    viewer_id: str | None
    member: str | None
    output: str
    language: Language
    at: datetime
    at_given: bool
    quiet: bool
    verbose: int
    no_color: bool

    @cached_property
    def text(self) -> Text:
        """The catalogue in the language asked for."""
        return Text(self.language)

    @cached_property
    def terminal(self) -> Terminal:
        """What stdout can show."""
        return here(no_color=self.no_color)

    @cached_property
    def inventory(self) -> Inventory:
        """The inventory, loaded once; InvalidInventory with every problem, UnknownId for a `--member` that is none."""
        from samdrift.operations.load_inventory import load_inventory

        self.step(f"reading the inventory {self.inventory_path}")
        return load_inventory(self.inventory_path, at=self.at)

    def load_inventory(self) -> Inventory:
        """The valid inventory, with `--member` and `--as` checked against it."""
        inventory = self.inventory
        viewer = self.viewer
        if self.member is not None:
            known = [member for member in inventory.members if viewer.sees(member)]
            if self.member not in known:
                raise UnknownId("member", self.member, known)
        return inventory

    @cached_property
    def viewer(self) -> Viewer:
        """Operations, or the viewer named with --as: a row of viewers.yml, or a member's id."""
        if self.viewer_id is None:
            return OPERATIONS
        inventory = self.inventory
        row = inventory.by_id("viewers").get(self.viewer_id)
        if row is not None:
            return Viewer(row.id, row.role, frozenset(row.members))
        if self.viewer_id in inventory.members:
            return member_viewer(self.viewer_id)
        raise UnknownId("viewer", self.viewer_id)

    def require_operations(self) -> None:
        """WrongUse for a viewer who only reads: `--as` narrows, it lets nobody change what is everybody's."""
        if self.viewer.role != "operations":
            raise WrongUse(f"viewer {self.viewer.id!r} reads and changes nothing", help="leave out --as")

    def open_store(self, *, create: bool = False) -> Store:
        """The store; WrongUse when there is none and `create` is False, for reading never makes one."""
        from samdrift.operations.open_store import open_store

        self.step(f"opening the store {self.store_location or state_folder(None)}")
        return open_store(self.store_location, create=create)

    def emit(
        self,
        *,
        kind: str,
        items: Iterable[Mapping[str, Any]],
        columns: Sequence[Column],
        version: int = 1,
        siblings: Mapping[str, Any] | None = None,
        summary: str | None = None,
        generated_at: datetime | None = None,
    ) -> None:
        """Write the data to stdout in the form asked for; items are JSON-ready, columns name the fields that people see."""
        document = _output.Document(kind, version, items, columns, generated_at or self.at, siblings or {}, summary)
        line = _output.put(document, self.output, self.text, self.terminal)
        if line is not None:
            self.say(line)

    def put(self, text: str | bytes) -> None:
        """Data that has its own form (a rendered file, metrics) to stdout as it is."""
        _output.write(text)

    def say(self, message: str) -> None:
        """A line for people on stderr; nothing with --quiet."""
        if not self.quiet:
            say(message)

    def step(self, message: str, level: int = 1) -> None:
        """A step, told with -v (level 1), -vv or -vvv; never a secret."""
        if self.verbose >= level:
            self.say(message)

    def progress(self, what: str, total: int) -> Progress:
        """`with context.progress("zones", 40) as progress: progress.step()`."""
        return Progress(what, total, quiet=self.quiet)

    def confirm(self, question: str, *, yes: bool) -> None:
        """Ask on a terminal (default no), else demand --yes; `question` names what and how many (U5)."""
        if yes:
            return
        if sys.stdin is None or sys.stderr is None or not (sys.stdin.isatty() and sys.stderr.isatty()):
            raise WrongUse("this changes something and nobody can be asked here", help="look with --dry-run, then add --yes")
        if not click.confirm(harmless(question), default=False, err=True):
            raise Refused("nothing was changed")

    def exit(self, code: int) -> NoReturn:
        """End with an exit code of model.errors."""
        raise SystemExit(code)


def show_calls() -> None:
    """`-vv`: each outside call with its time as a line on stderr."""
    import logging

    class Shown(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            say(f"call: {record.getMessage()}")

    calls = logging.getLogger("samdrift.calls")
    calls.handlers[:] = [Shown()]
    calls.propagate = False
    calls.setLevel(logging.DEBUG)


def make_context(given: Mapping[str, Any]) -> Context:
    """From click's values of the global options and the environment; WrongUse for a time that is none."""
    at = given.get("at")
    try:
        instant = read_instant(at) if at else datetime.now(UTC)
    except ValueError as error:
        raise WrongUse(f"--at: {error}") from None
    if instant.year not in YEARS:
        raise WrongUse(f"--at: {at!r} is not in {YEARS.start} to {YEARS.stop - 1}")
    store = given.get("store")
    if int(given.get("verbose") or 0) > 1 and not given.get("quiet"):
        show_calls()
    return Context(
        inventory_path=Path(given.get("inventory") or "inventory"),
        store_location=store or None,
        viewer_id=given.get("as"),
        member=given.get("member"),
        output=given.get("output") or "table",
        language=given.get("lang") or ("en" if os.environ.get("LANG", "").startswith("en") else "sv"),
        at=instant,
        at_given=at is not None,
        quiet=bool(given.get("quiet")),
        verbose=int(given.get("verbose") or 0),
        no_color=bool(given.get("no_color")),
    )


pass_context = click.make_pass_decorator(Context)
"""Gives a command the Context as its first argument."""
