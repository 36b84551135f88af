"""Every command that reads, from the tree itself, with what it needs to be called; those that change something, with why they are left out."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from samdrift.cli.frame import tree

SAMDRIFT = Path(sys.executable).parent / "samdrift"
LIMIT_S = 120
# what a read command cannot be called without
ARGUMENTS: dict[str, list[str]] = {
    "cost preview": ["--month", "2026-10"],
    "hall impact": ["pdu-b1-a"],
    "report member": ["--month", "2026-10"],
    "check explain": ["dnssec-ds-matches"],
    "inventory show": ["are-srv-1"],
    "inventory diff": ["--against", "HEAD"],
    "inventory impact": ["are-srv-1"],
    "inventory explain": ["duplicate-address"],
    "inventory schema": ["devices"],
}
# commands that change, send, serve or wait, or that judge one file handed in: not reads of stored data
ACTS = {
    "audit append", "backup agent", "backup check", "backup copy", "backup drill", "backup enrol", "backup hand-out", "backup proof",
    "backup run", "backup snapshots", "backup take-back", "check run", "device fetch", "hall collect", "inventory import", "monitor notify", "monitor render",
    "play audit", "play run", "run", "serve", "store migrate",
}  # fmt: skip


def leaves(command: click.Command, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    """Each leaf of the tree with its words."""
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            if inner is not None:
                yield from leaves(inner, (*path, name))
    else:
        yield " ".join(path), command


def reads() -> dict[str, list[str]]:
    """Words of every reading command to the arguments that it needs."""
    found = {}
    for words, _ in leaves(tree.root()):
        if words not in ACTS:
            found[words] = [*words.split(), *ARGUMENTS.get(words, [])]
    return found


def unknown() -> list[str]:
    """Commands that need something nobody has written down here."""
    return [
        words
        for words, command in leaves(tree.root())
        if words not in ACTS and words not in ARGUMENTS and any(parameter.required for parameter in command.params)
    ]


def samdrift(*arguments: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[bytes]:
    """One call in a folder, without a terminal, with nothing of the caller's SAMDRIFT_ variables."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith("SAMDRIFT_")}
    return subprocess.run(
        [str(SAMDRIFT), *arguments],
        cwd=folder,
        env={**clean, **environment},
        capture_output=True,
        stdin=subprocess.DEVNULL,
        timeout=LIMIT_S,
        check=False,
    )
