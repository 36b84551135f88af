"""Run hooks: argument lists before, after and on error of a backup, each with a limit (backup.md B8)."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from pathlib import Path

from samdrift.adapters.process import run
from samdrift.model.errors import MissingProgram

SHOWN = 120
"""Characters of a hook's command and of what it said that a message shows."""


def run_hooks(hooks: Sequence[Sequence[str]], *, limit_seconds: float, until_one_fails: bool) -> tuple[str, ...]:
    """A sentence for each hook that did not end with 0 in time; with `until_one_fails` the rest is left."""
    failed = []
    for hook in hooks:
        said = _run(hook, limit_seconds)
        if said:
            failed.append(f"{shlex.join(hook)[:SHOWN]} {said}")
            if until_one_fails:
                break
    return tuple(failed)


def _run(hook: Sequence[str], limit_seconds: float) -> str:
    try:
        ended = run(hook, limit_seconds=limit_seconds, cwd=Path("/"))
    except (MissingProgram, OSError) as error:
        return f"could not be run: {error}"[:SHOWN]
    if ended.timed_out:
        return f"did not end within {limit_seconds:g} s"
    return f"ended with {ended.code}: {ended.said[:SHOWN]}" if ended.code else ""
