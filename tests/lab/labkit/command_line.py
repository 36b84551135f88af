"""The lab's command line: one file a command in `commands`, found by its name."""

from __future__ import annotations

import argparse
import importlib
import os
import pkgutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from typing import NoReturn

from tests.lab.labkit import commands
from tests.lab.labkit.part import MissingProgramError
from tests.lab.labkit.settings import BusyError, LabError
from tests.lab.labkit.waiting import NotReadyError

FAILED, USAGE, BUSY, INTERRUPTED = 1, 2, 75, 130


def main(arguments: Sequence[str]) -> int:
    """Run one command; 0, 1 (not all came up), 2 (usage or a missing program), 75 (busy), 130 (interrupted)."""
    parser = argparse.ArgumentParser(prog="lab", description="The joint service in small, on one machine.")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    names = sorted(found.name for found in pkgutil.iter_modules(commands.__path__))
    below = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    modules = {name.replace("_", "-"): importlib.import_module(f"{commands.__name__}.{name}") for name in names}
    for name, module in modules.items():
        said = (module.__doc__ or "").strip().splitlines()[0]
        module.arguments(below.add_parser(name, help=said, description=said))
    given = parser.parse_args(arguments)
    signal.signal(signal.SIGTERM, _as_interrupt)
    try:
        return int(modules[given.command].run(given))
    except BusyError as error:
        return _say(error, BUSY)
    except MissingProgramError as error:
        return _say(error, USAGE)
    except (LabError, NotReadyError, subprocess.TimeoutExpired) as error:
        return _say(error, FAILED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return 141
    except KeyboardInterrupt:
        return _say("interrupted", INTERRUPTED)


def _as_interrupt(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _say(error: object, code: int) -> int:
    print(f"lab: {error}", file=sys.stderr)
    return code
