"""Every command that reads, from the tree itself, with what it needs to be called; those that change something, with why they are left out."""

from __future__ import annotations

import contextlib
import io
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from samdrift.cli.frame import tree
from samdrift.cli.main import run

# what a read command cannot be called without
ARGUMENTS: dict[str, list[str]] = {
    "cost preview": ["--month", "2026-10"],
    "cost compare": ["--month", "2026-10", "--key", "even-parts"],
    "cost explain": ["2026-10/administration/are/key"],
    "cost advance": ["--year", "2026"],  # a viewer reads what is booked; operations alone books
    "cost settle": ["--year", "2025"],
    "cost savings": ["--year", "2026"],
    "hall impact": ["pdu-b1-a"],
    "report board": ["--month", "2026-10", "--draft", "--out", "written"],
    "report cooperation": ["--format", "csv", "--out", "written"],
    "report member": ["--month", "2026-10", "--draft", "--out", "written"],
    "backup page": ["--out", "written"],
    "check page": ["--out", "written"],
    "check explain": ["dnssec-ds-matches"],
    "inventory show": ["are-srv-1"],
    "inventory diff": ["--against", "HEAD"],
    "inventory impact": ["are-srv-1"],
    "inventory explain": ["duplicate-address"],
    "inventory schema": ["devices"],
    "alert show": ["L-7F3A"],
    "network diff": ["rt-are-1"],
    "check evidence": ["ev-5b0c9a41d2e7f3861c04"],
    "check rejudge": ["K-7F3A"],
    "cost export": ["--month", "2026-10", "--format", "csv", "--draft", "--to", "written"],
    "cost verify": ["--month", "2026-10"],
    "usage show": ["--month", "2026-10"],
    "backup snapshots show": ["webb-krokom"],
}
# commands that change, send, serve or wait, or that judge one file handed in: not reads of stored data
ACTS = {
    "audit append", "backup agent", "backup anomalies accept", "backup anomalies reject", "backup ballast", "backup hold add", "backup hold remove", "backup keys escrow", "backup keys list", "backup keys prove", "backup keys rotate", "backup prune",
    "backup snapshots accept", "backup snapshots reject", "backup check", "backup copy", "backup drill", "backup enrol", "backup hand-out", "backup hand-out-restore", "backup hand-out-target", "backup heal", "backup locks",
    "backup restore", "backup run", "backup take-back", "backup take-back-restore", "check run", "check vantage", "cost close", "cost correct", "cost import", "device fetch", "hall collect", "inventory import", "monitor notify", "monitor render", "network backup",
    "play audit", "play run", "run", "serve", "store backup", "store migrate", "store restore", "usage collect", "usage import",
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


@dataclass(frozen=True, slots=True)
class Told:
    """How one call ended, and the bytes of both streams."""

    returncode: int
    stdout: bytes
    stderr: bytes


def samdrift(*arguments: str, folder: Path) -> Told:
    """One call in a folder, in this process (a program of its own would spend nine tenths of the time on starting), as if in a pipe."""
    streams = [io.TextIOWrapper(io.BytesIO(), encoding="utf-8", write_through=True) for _ in range(2)]
    kept = {name: os.environ.pop(name) for name in list(os.environ) if name.startswith("SAMDRIFT_")}
    try:
        with contextlib.chdir(folder), contextlib.redirect_stdout(streams[0]), contextlib.redirect_stderr(streams[1]):
            code = run(arguments)
    finally:
        os.environ.update(kept)
    return Told(code, *(stream.buffer.getvalue() for stream in streams))
