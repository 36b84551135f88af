"""Free variables take no name of Ansible's or ours, and hold no secret in clear (I9, I15)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from samdrift.inventory.document import Path
from samdrift.inventory.placed import Loaded
from samdrift.inventory.rule import Rule
from samdrift.model.fields import REFERENCE_PATTERN
from samdrift.model.problem import Problem

_SECRET = re.compile(r"(.*_)?(password|token|secret|private_key)|(.*_)?community")
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def judge(loaded: Loaded) -> Iterator[Problem]:
    """`reserved-variable` and `bad-name` at the key, `secret-in-clear` at the value, which is never printed."""
    for noun in ("devices", "members"):
        for placed in loaded.all(noun):
            for name, value in placed.thing.vars.items():
                if name.startswith(("ansible_", "samdrift_")):
                    message = f"{name[:80]} is a variable of {'Ansible' if name.startswith('ansible_') else 'samdrift'} and may not be set here"
                    yield placed.problem("reserved-variable", message, "vars", name, key=True, help="name it otherwise")
                elif not _NAME.fullmatch(name):
                    yield placed.problem(
                        "bad-name",
                        f"{name[:80]!r} is no name of a variable",
                        "vars",
                        name,
                        key=True,
                        help="letters, digits and underscore",
                    )
                for path in _in_clear(name, value, (name,)):
                    message = f"{path[-1]} must be a reference to a secret, never the secret itself"
                    help = "write vault:<member>/<name>, file:<path> or credential:<name>"
                    yield placed.problem("secret-in-clear", message, "vars", *path, help=help)


def _in_clear(name: str | int, value: Any, path: Path) -> Iterator[Path]:
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _in_clear(key, inner, (*path, key))
    elif isinstance(value, tuple):
        for index, inner in enumerate(value):
            yield from _in_clear(name, inner, (*path, index))
    elif (
        isinstance(name, str)
        and _SECRET.fullmatch(name.lower())
        and not isinstance(value, bool)
        and not re.fullmatch(REFERENCE_PATTERN, str(value))
    ):
        yield path


RULE = Rule("free-variables", ("reserved-variable", "bad-name", "secret-in-clear"), judge)
