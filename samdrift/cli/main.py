"""The way in: one command line run, its errors in lines, its end an honest exit code (interface.md 2.1)."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Sequence
from types import FrameType
from typing import NoReturn

import click

from samdrift.cli.context import say, state_folder
from samdrift.cli.frame.global_options import GLOBAL_OPTIONS, gathered
from samdrift.cli.frame.tree import root, unknown_command
from samdrift.model.errors import (
    EXIT_INTERRUPTED,
    EXIT_NOT_OBSERVED,
    EXIT_OK,
    EXIT_PIPE_CLOSED,
    EXIT_WRONG_USE,
    Interrupted,
    SamdriftError,
    WrongUse,
    nearest,
)


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and end the process with its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    code = EXIT_OK
    try:
        signal.signal(signal.SIGTERM, _asked_to_end)
        code = run(given)
    finally:
        code = _flushed(code)
    sys.exit(code)


def run(arguments: Sequence[str]) -> int:
    """The exit code of one command line; never raises but what ends Python itself."""
    front, rest = gathered(arguments)
    try:
        command = root()
        with command.make_context("samdrift", [*front, *rest]) as ctx:
            command.invoke(ctx)
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else EXIT_OK if ended.code is None else EXIT_WRONG_USE
    except click.exceptions.Exit as ended:
        return ended.exit_code
    except (KeyboardInterrupt, click.Abort, EOFError):
        say("interrupted")
        return EXIT_INTERRUPTED
    except click.ClickException as error:
        return _told(_as_ours(error))
    except SamdriftError as error:
        return _told(error)
    except BrokenPipeError:
        return EXIT_PIPE_CLOSED
    except Exception as error:  # noqa: BLE001 (the edge: an own fault is one line and 3, never a traceback)
        return _own_fault(error, arguments)
    return EXIT_OK


def _asked_to_end(_: int, __: FrameType | None) -> NoReturn:
    raise Interrupted("asked to end (SIGTERM)")


def _told(error: SamdriftError) -> int:
    for line in error.lines():
        say(line)
    return error.exit_code


def _as_ours(error: click.ClickException) -> SamdriftError:
    """A mistake that click found, in our words: what, and the nearest known one or where help is."""
    ctx = getattr(error, "ctx", None)
    path = ctx.command_path if ctx else "samdrift"
    if isinstance(error, click.exceptions.NoArgsIsHelpError):
        return WrongUse(f"{path} needs a command", help=f"{path} --help")
    if isinstance(error, click.exceptions.NoSuchCommand) and ctx:
        return unknown_command(ctx, error.command_name)
    if isinstance(error, click.NoSuchOption):
        names = [name for parameter in (ctx.command.params if ctx else []) for name in parameter.opts]
        near = nearest(error.option_name, names + [name for option in GLOBAL_OPTIONS for name in option.names])
        return WrongUse(f"{path} has no option {error.option_name}", help=f"did you mean {near}?" if near else f"{path} --help")
    if isinstance(error, click.BadParameter) and error.param and isinstance(error.param.type, click.Choice):
        choices = [str(choice) for choice in error.param.type.choices]
        given = error.message.split("'")[1] if "'" in error.message else ""
        near = nearest(given, choices)
        return WrongUse(f"{error.param.opts[0]}: {given!r} is none of {', '.join(choices)}", help=f"did you mean {near!r}?" if near else None)
    if isinstance(error, click.UsageError):
        return WrongUse(error.format_message().rstrip("."), help=f"{path} --help")
    return WrongUse(error.format_message())


def _own_fault(error: Exception, arguments: Sequence[str]) -> int:
    """One line and where the record is; the whole with -vvv (U1)."""
    import traceback
    from itertools import pairwise

    from samdrift.cli.frame.fault_record import record

    store = next((b for a, b in pairwise(arguments) if a == "--store"), os.environ.get("SAMDRIFT_STORE"))
    kept = record(error, state_folder(store))
    say(f"error: samdrift has a fault of its own: {type(error).__name__}; record: {kept or 'could not be written; repeat with -vvv'}")
    if any(one.startswith("-vvv") for one in arguments) or sum(one in {"-v", "--verbose"} for one in arguments) >= 3:
        say("".join(traceback.format_exception(error)).rstrip("\n"))
    return EXIT_NOT_OBSERVED


def _flushed(code: int) -> int:
    """The code when all output is out; 141 when nobody reads any more, 3 with a line when it could not be written."""
    if sys.stdout is None:
        return code
    try:
        sys.stdout.flush()
    except BrokenPipeError:
        _drop_stdout()
        return EXIT_PIPE_CLOSED
    except (OSError, ValueError) as error:
        _drop_stdout()
        if code != EXIT_NOT_OBSERVED:
            say(f"error: cannot write the output: {(getattr(error, 'strerror', None) or str(error)).lower()}")
        return EXIT_NOT_OBSERVED
    return code


def _drop_stdout() -> None:
    """What is left in the buffer goes nowhere, so that Python's own end stays quiet."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    os.close(nowhere)


if __name__ == "__main__":
    main()
