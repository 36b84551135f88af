"""Every option says what it is, every kind of JSON has a committed schema; help and examples are walked in tests/acceptance."""

from __future__ import annotations

import json
import re

import click
import jsonschema

from samdrift.cli.frame import tree
from tests.contracts.folders import PACKAGE, ROOT, shown

SCHEMAS = ROOT / "docs" / "reference" / "schemas"


def walk(command, context):
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None, f"{context.command_path} {name}: listed but not there"
            if not inner.hidden:
                yield from walk(
                    inner, click.Context(inner, info_name=name, parent=context, max_content_width=80, terminal_width=80)
                )
    else:
        yield command, context


def commands():
    """(command, context) of every leaf of the tree."""
    root = tree.root()
    return list(walk(root, click.Context(root, info_name="samdrift", max_content_width=80, terminal_width=80)))


def test_every_option_says_what_it_is():
    silent = [
        f"{context.command_path} {parameter.opts[0]}"
        for command, context in commands()
        for parameter in command.params
        if isinstance(parameter, click.Option) and not parameter.hidden and not parameter.help
    ]
    assert not silent, "\n".join(silent)


def test_every_kind_of_json_that_the_program_writes_has_a_committed_schema():
    sources = [path for folder in ("cli", "daemon", "operations") for path in sorted((PACKAGE / folder).rglob("*.py"))]
    kinds = {
        kind: shown(path)
        for path in sources
        for kind in re.findall(r"[\"']samdrift/([a-z][a-z0-9-]*)[\"']", path.read_text(encoding="utf-8"))
    }
    missing = [
        f"{path}: no docs/reference/schemas/{kind}.json"
        for kind, path in sorted(kinds.items())
        if not (SCHEMAS / f"{kind}.json").is_file()
    ]
    assert not missing, "\n".join(missing)


def test_every_committed_schema_is_a_schema_with_kind_and_version():
    wrong = []
    for path in sorted(SCHEMAS.glob("*.json")):
        schema = json.loads(path.read_text(encoding="utf-8"))
        jsonschema.Draft202012Validator.check_schema(schema)
        if path.stem != "inventory" and not {"schema", "version"} <= set(schema.get("properties", {})):
            wrong.append(f"{shown(path)}: says nothing of schema and version")
    assert not wrong, "\n".join(wrong)
