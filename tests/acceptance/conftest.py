"""The command line run as a user runs it, on the example inventory and a store of the test's own."""

from __future__ import annotations

import io
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click
import pytest

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "docs" / "reference" / "schemas"
FAULT = "samdrift has a fault of its own"


@dataclass(frozen=True)
class Said:
    """What one run left: exit code, stdout, stderr."""

    code: int
    out: bytes
    err: str

    def json(self):
        return json.loads(self.out)


def environment(**more: str) -> dict[str, str]:
    """Ours without what steers samdrift or the terminal."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("SAMDRIFT_") and k not in {"NO_COLOR", "CLICOLOR_FORCE", "LANG", "LC_ALL", "TERM"}}
    return {**kept, "LANG": "C.UTF-8", "PYTHONWARNINGS": "default", **more}


def start(*arguments: str, **more: str) -> Said:
    """A process of its own, as from a timer: no terminal."""
    command = [sys.executable, "-m", "samdrift.cli", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment(**more), stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
    return Said(done.returncode, done.stdout, done.stderr.decode("utf-8", "replace"))


@pytest.fixture(scope="session")
def empty_store(tmp_path_factory):
    """A store without rows, made once."""
    from samdrift.store import open_store

    folder = tmp_path_factory.mktemp("store") / "state"
    open_store(folder, create=True).close()
    return folder


@pytest.fixture
def call(monkeypatch, empty_store, tmp_path):
    """call(arguments…): the command line inside this process (quick), with an empty store of its own.

    It stands in a folder that shows the checkout by links, so that what an example writes stays out of the checkout.
    """
    import shutil

    from samdrift.cli.main import run

    store = tmp_path / "state"
    shutil.copytree(empty_store, store)
    work = tmp_path / "work"
    work.mkdir()
    for entry in ROOT.iterdir():
        if not entry.name.startswith(".") and entry.name not in {"build", "node_modules"}:
            (work / entry.name).symlink_to(entry)
    monkeypatch.chdir(work)
    for name in [name for name in os.environ if name.startswith("SAMDRIFT_")] + ["NO_COLOR", "CLICOLOR_FORCE", "TERM"]:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "C.UTF-8")
    monkeypatch.setenv("SAMDRIFT_STORE", str(store))

    def inside(*arguments: str, **environment: str) -> Said:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        out, err = io.TextIOWrapper(io.BytesIO(), encoding="utf-8"), io.TextIOWrapper(io.BytesIO(), encoding="utf-8")
        with monkeypatch.context() as patched:
            patched.setattr(sys, "stdout", out)
            patched.setattr(sys, "stderr", err)
            patched.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO()))
            code = run(arguments)
            out.flush()
            err.flush()
        return Said(code, out.buffer.getvalue(), err.buffer.getvalue().decode())

    return inside


def commands() -> Iterator[tuple[str, click.Command]]:
    """Path and command of everything in the tree, groups too, sorted."""
    from samdrift.cli.frame.tree import root

    def walk(command: click.Command, ctx: click.Context) -> Iterator[tuple[str, click.Command]]:
        yield ctx.command_path, command
        if isinstance(command, click.Group):
            for name in command.list_commands(ctx):
                child = command.get_command(ctx, name)
                if child is not None and not child.hidden:
                    yield from walk(child, click.Context(child, info_name=name, parent=ctx))

    tree = root()
    yield from walk(tree, click.Context(tree, info_name="samdrift"))


def examples(command: click.Command) -> list[str]:
    """The example lines of a command's help, as they stand."""
    _, _, block = (command.help or "").partition("Examples:")
    return [line.strip() for line in block.splitlines() if line.strip().startswith("samdrift ")]


def arguments_of(example: str) -> list[str]:
    """What the program is given: without comment and without the shell's redirections."""
    words = shlex.split(example.partition("  #")[0])[1:]
    while any(word in {">", "<"} for word in words):
        at = next(n for n, word in enumerate(words) if word in {">", "<"})
        del words[at : at + 2]
    return words


def runnable() -> list[tuple[str, list[str]]]:
    """(example, its arguments) of all examples that need no lab."""
    found = {}
    for _, command in commands():
        for example in examples(command):
            if not re.search(r"#\s*lab\s*$", example):
                found[example] = arguments_of(example)
    return sorted(found.items())
