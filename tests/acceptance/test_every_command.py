"""What holds for every command: help, examples that run, four outputs, schemas, no escape byte, honest ends."""

from __future__ import annotations

import csv
import io
import json
import re
import shlex

import click
import jsonschema
import pytest

from .conftest import FAULT, SCHEMAS, commands, examples, runnable

PATHS = dict(commands())
EXAMPLES = dict(runnable())
ENDS = {0, 1, 3}
"""Well, an expected no, could not observe: what an example may end with on an empty store."""
NOT_HERE = re.compile(r"^error: (unknown (alert|run|proof|hold|repository|drill proof|evidence|snapshot|viewer) |.*no such file|.*[Ff]ile '.*' does not exist|cannot read .*|standard input|the input is|.* is no folder|repository .* is not stored on this machine|.* cannot reach the folder of |none of these (backups has anything to do|repositories lies) on this machine)", re.MULTILINE)
"""What an example may say with 2: it names an id of a store, a file or an input that this empty place does not have."""


OWN_FORM = {
    "inventory schema": "a JSON Schema for editors",
    "inventory export": "known_hosts, as ssh reads it",
    "backup hand-out": "what the agent on the host reads on its standard input",
    "backup take-back": "what the agent told, read again",
    "serve": "a daemon",
}
"""Commands whose output is another program's input and therefore no envelope."""


def has_own_form(example):
    return any(f"{example} ".startswith(f"samdrift {name} ") for name in OWN_FORM)


def ended_as_it_may(said):
    return said.code in ENDS or (said.code == 2 and (NOT_HERE.search(said.err) or said.out.startswith(b"SAMDRIFT CRITICAL")))


def wants(arguments, form):
    """The arguments with another --output; None where the command's output has a form of its own."""
    rest = list(arguments)
    if "--output" in rest:
        del rest[rest.index("--output") : rest.index("--output") + 2]
    return [*rest, "--output", form]


def test_the_tree_has_commands():
    assert len(PATHS) > 5
    assert len(EXAMPLES) > 5


@pytest.mark.parametrize("path", PATHS)
def test_help_has_a_sentence_and_two_examples_within_80_columns(path, call):
    said = call(*path.split()[1:], "--help")
    text = said.out.decode()
    assert said.code == 0
    assert text.startswith("Usage: ")
    assert max(map(len, text.splitlines())) <= 80, "\n".join(line for line in text.splitlines() if len(line) > 80)
    sentence = (PATHS[path].help or "").strip().split("\n\n")[0]
    assert re.match(r"[A-Z].*[.]$", sentence, re.DOTALL), f"{path}: the help begins with a sentence, not {sentence!r}"
    assert len(examples(PATHS[path])) >= 2, f"{path}: needs a block `Examples:` with two examples"


@pytest.mark.parametrize("path", PATHS)
def test_examples_name_commands_and_options_that_are_there(path):
    for example in examples(PATHS[path]):
        words = shlex.split(example.partition("  #")[0])
        command, ctx = PATHS["samdrift"], click.Context(PATHS["samdrift"], info_name="samdrift")
        for word in words[1:]:
            if isinstance(command, click.Group) and not word.startswith("-"):
                child = command.get_command(ctx, word)
                if child is None:
                    break
                command, ctx = child, click.Context(child, info_name=word, parent=ctx)
        assert not (isinstance(command, click.Group) and len(words) > 1 and path != "samdrift" and ctx.command_path == "samdrift"), example
        known = {name for parameter in [*command.params, *PATHS["samdrift"].params] for name in [*parameter.opts, *parameter.secondary_opts]} | {"--help"}
        for word in words[1:]:
            if word.startswith("--"):
                assert word.partition("=")[0] in known, f"{example}: {ctx.command_path} has no {word}"


def first_examples(form):
    """One example of each command, as JSON or CSV; those written so already are run as they stand."""
    found = {}
    for path, command in PATHS.items():
        runnable = [example for example in examples(command) if example in EXAMPLES]
        if runnable and not isinstance(command, click.Group) and not has_own_form(path) and not any(f"--output {form}" in example for example in runnable):
            found[path] = min(runnable, key=len)
    return found


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_runs_on_the_example_inventory(example, call):
    said = call(*EXAMPLES[example])
    assert FAULT not in said.err, said.err
    assert "Traceback" not in said.err
    assert ended_as_it_may(said), f"{example} ended with {said.code}: {said.err}"
    assert b"\x1b" not in said.out
    assert "\x1b" not in said.err
    if "--output json" in example and said.out and not has_own_form(example):
        passes_its_schema(said.out)


def run_as(call, example, form):
    said = call(*wants(EXAMPLES[example], form))
    assert FAULT not in said.err, said.err
    assert ended_as_it_may(said), f"{example}: {said.err}"
    return said


@pytest.mark.parametrize("path", first_examples("json"))
def test_json_is_whole_and_passes_its_committed_schema(path, call):
    said = run_as(call, first_examples("json")[path], "json")
    if said.out:
        passes_its_schema(said.out)


def passes_its_schema(out):
    envelope = json.loads(out)
    kind = envelope["schema"].removeprefix("samdrift/")
    path = SCHEMAS / f"{kind}.json"
    assert path.is_file(), f"docs/reference/schemas/{kind}.json is missing (tools/draft_schema.py drafts it)"
    schema = json.loads(path.read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    faults = list(jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).iter_errors(envelope))
    assert not faults, "\n".join(f"{fault.json_path}: {fault.message[:300]}" for fault in faults[:10])
    assert not misnamed(envelope), "names end in their unit (interface.md U8): " + ", ".join(sorted(misnamed(envelope)))


def misnamed(value, key=""):
    """Keys whose value is not what their suffix says."""
    if isinstance(value, dict):
        return {name for inner, one in value.items() for name in misnamed(one, inner)}
    if isinstance(value, list):
        return {name for one in value for name in misnamed(one, key)}
    wrong: set[str] = set()
    if key.startswith("exact_"):
        return wrong  # "n/d" text (common.md 6)
    if key.endswith("_at") and value is not None and not re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)", str(value)):
        wrong.add(key)
    if key.endswith(("_seconds", "_bytes", "_ore", "_wh", "_watts", "_permille", "_millicelsius")) and not (value is None or type(value) is int):
        wrong.add(key)
    if key.endswith("_s") and not key.endswith(("_seconds",)):
        wrong.add(key)
    if isinstance(value, float) and not key.endswith("_ratio"):
        wrong.add(key)
    return wrong


@pytest.mark.parametrize("path", first_examples("csv"))
def test_csv_is_rfc_4180_and_every_row_has_the_heading_s_columns(path, call):
    text = run_as(call, first_examples("csv")[path], "csv").out.decode("utf-8")
    if not text:
        return
    rows = list(csv.reader(io.StringIO(text, newline=""), strict=True))
    assert {len(row) for row in rows} == {len(rows[0])}
    assert all(re.fullmatch(r"[a-z][a-z0-9_.]*", name) for name in rows[0]), rows[0]


@pytest.mark.parametrize("path", [path for path, command in PATHS.items() if not isinstance(command, click.Group)])
def test_an_unknown_option_is_two_and_names_where_help_is(path, call):
    said = call(*path.split()[1:], "--no-such-option-at-all")
    assert said.code == 2
    assert said.out == b""
    assert re.search(r"^error: .*\n?help: .*", said.err, re.MULTILINE), said.err


@pytest.mark.parametrize("path", [path for path, command in PATHS.items() if isinstance(command, click.Group) and path != "samdrift"])
def test_a_mistyped_verb_names_the_nearest(path, call):
    group = PATHS[path]
    verb = max(group.list_commands(click.Context(group)), key=len)
    said = call(*path.split()[1:], verb + "x")
    assert said.code == 2
    assert f"did you mean {verb!r}?" in said.err


def test_help_and_version_do_not_import_what_is_heavy():
    import subprocess
    import sys

    from .conftest import ROOT, environment

    heavy = ("pydantic", "sqlalchemy", "duckdb", "pyarrow", "jinja2", "yaml", "starlette", "httpx", "dns", "cryptography")
    code = f"import sys; from samdrift.cli.main import run; c = run(sys.argv[1:]); sys.stderr.write(','.join(n for n in {heavy!r} if n in sys.modules)); sys.exit(c)"
    for arguments in (["--version"], ["--help"], *([*path.split()[1:], "--help"] for path in PATHS if path.count(" ") == 1)):
        done = subprocess.run([sys.executable, "-c", code, *arguments], cwd=ROOT, env=environment(), capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr
        assert done.stderr == "", f"samdrift {' '.join(arguments)} imports {done.stderr}"
