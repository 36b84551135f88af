"""The tree of commands: a noun is a file of samdrift/cli, found by its name and imported when it is asked for."""

from __future__ import annotations

import ast
from importlib import import_module
from pathlib import Path
from typing import Any

import click

from samdrift.cli.frame.global_options import FINDING_FORMS, GLOBAL_OPTIONS
from samdrift.model.errors import UnknownId, WrongUse

FOLDER = Path(__file__).parent.parent
NO_NOUNS = frozenset({"main", "context", "output"})
ROOT_HELP = """Operate the joint IT of eleven members: see, check, back up, bill.

\b
Examples:
  samdrift inventory validate
  samdrift check run --member are --output json
"""


class Tree(click.Group):
    """The root: lists the nouns by file name and imports only the one that is used."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 (click's signature)
        """Every noun, sorted."""
        return sorted(path.stem.replace("_", "-") for path in FOLDER.glob("*.py") if path.stem not in NO_NOUNS and not path.stem.startswith("_"))

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The noun's `command`; None when there is no such file."""
        if cmd_name not in self.list_commands(ctx):
            return None
        module: Any = import_module(f"samdrift.cli.{cmd_name.replace('-', '_')}")
        found: click.Command = module.command
        found.name = cmd_name
        return found

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The nouns with the first sentence of their files, without importing them."""
        rows = [(name, _first_sentence(FOLDER / f"{name.replace('-', '_')}.py")) for name in self.list_commands(ctx)]
        if rows:
            with formatter.section("Commands"):
                formatter.write_dl(rows)


def _first_sentence(path: Path) -> str:
    documented = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    return documented.split("\n")[0].rstrip(".")


def root() -> Tree:
    """The root command with its global options."""
    tree = Tree(
        name="samdrift",
        help=ROOT_HELP,
        params=[option.parameter() for option in GLOBAL_OPTIONS],
        context_settings={"help_option_names": ["--help"], "max_content_width": 80, "auto_envvar_prefix": None},
        callback=_ready,
    )
    tree.params.append(click.Option(["--version"], is_flag=True, help="Print the version.", expose_value=False, is_eager=True, callback=_version))
    return tree


def _version(ctx: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not ctx.resilient_parsing:
        from samdrift import __version__
        from samdrift.cli.output import write

        write(f"samdrift {__version__}\n")
        ctx.exit(0)


@click.pass_context
def _ready(ctx: click.Context, /, **given: Any) -> None:
    """The global options become the one Context that every command gets."""
    from samdrift.cli.context import make_context

    ctx.obj = make_context(given)
    if ctx.invoked_subcommand != "check":
        refuse_finding_forms(ctx.obj.output)


def refuse_finding_forms(output: str) -> None:
    """WrongUse for a form that only commands with findings of checks have."""
    if output in FINDING_FORMS:
        raise WrongUse(f"--output {output} is for check run", help="--output json")


def unknown_command(ctx: click.Context, given: str) -> UnknownId:
    """The error of a wrong noun or verb, with the nearest known one."""
    group = ctx.command
    known = group.list_commands(ctx) if isinstance(group, click.Group) else []
    error = UnknownId("command", given, known)
    error.help = error.help if error.near else f"{ctx.command_path} --help"
    return error
