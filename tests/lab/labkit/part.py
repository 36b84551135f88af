"""The uniform contract of the lab's parts: start, ready, stop, logs, and a folder that holds their whole state."""

from __future__ import annotations

import contextlib
import json
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from tests.lab.labkit.addresses import add_address
from tests.lab.labkit.place import LOOPBACK, Place
from tests.lab.labkit.process import Process
from tests.lab.labkit.waiting import NotReadyError, wait_for


class MissingProgramError(RuntimeError):
    """A program that the part needs is not on this machine."""


class Part:
    """Real programs that belong together. A child writes their settings in `prepare` and lists them in `programs`.

    `folder` holds settings, data, logs and records of process ids; a part made again on the same folder, even
    by another process, finds its programs again (ports are kept there too).
    """

    name = "part"
    limit_s = 20.0

    def __init__(self, folder: Path, place: Place = LOOPBACK, *, tied: bool = True) -> None:
        self.folder = folder.absolute()
        self.place = place
        self.tied = tied
        self.cgroups: Sequence[Path] = ()
        self._children: dict[str, Process] = {}

    # -- what a child says about itself
    def prepare(self) -> None:
        """Write settings and make state; called before each start."""

    def programs(self) -> Sequence[Process]:
        """The processes in the order in which they start."""
        return ()

    def ready(self) -> bool:
        """True when the part answers as it should."""
        return all(p.pid is not None for p in self.processes.values())

    def after_start(self) -> None:
        """What is done once, when the part answers."""

    # -- what everyone calls
    @property
    def processes(self) -> Mapping[str, Process]:
        """The part's processes by name."""
        for program in self.programs():
            self._children.setdefault(program.name, program)
        return self._children

    @property
    def logs(self) -> Mapping[str, Path]:
        """The log of each process."""
        return {name: process.log for name, process in self.processes.items()}

    def start(self) -> Self:
        """Start all processes and wait until the part answers; raise NotReadyError with the logs' ends."""
        return self.begin().finish()

    def begin(self) -> Self:
        """Write settings and start all processes, without waiting for answers."""
        self.folder.mkdir(parents=True, exist_ok=True)
        if self.place.namespace:
            for address in (self.place.ipv4, self.place.ipv6):
                add_address(self.place, address)
        self.prepare()
        with self._stopped_on_failure():
            for process in self.processes.values():
                process.start()
        return self

    def finish(self) -> Self:
        """Wait until the part answers."""
        with self._stopped_on_failure():
            wait_for(f"{self.name} answers", self._ready_or_dead, self.limit_s)
            self.after_start()
        return self

    @contextlib.contextmanager
    def _stopped_on_failure(self) -> Iterator[None]:
        try:
            yield
        except BaseException as error:
            ends = "\n".join(f"-- {n}:\n{p.tail()}" for n, p in self.processes.items())
            self.stop()
            if isinstance(error, NotReadyError):
                raise NotReadyError(f"{error}\n{ends}") from None
            raise

    def stop(self) -> None:
        """End all processes, the last started first."""
        for process in reversed(list(self.processes.values())):
            process.stop()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self.stop()

    # -- for children
    def process(self, name: str, argv: Sequence[str | Path], **settings: Any) -> Process:
        """A process of this part, in the part's place."""
        settings.setdefault("place", self.place)
        settings.setdefault("cgroups", self.cgroups)
        return Process(name, self.folder, [str(a) for a in argv], tied=self.tied, **settings)

    def port(self, name: str, usual: int) -> int:
        """A port kept in the folder: the usual one in a namespace, else a free one chosen once."""
        kept = self.folder / "ports.json"
        ports: dict[str, int] = json.loads(kept.read_text()) if kept.exists() else {}
        if name not in ports:
            ports[name] = self.place.port(usual)
            self.folder.mkdir(parents=True, exist_ok=True)
            kept.write_text(json.dumps(ports))
        return ports[name]

    def _ready_or_dead(self) -> bool:
        for process in self.processes.values():
            if process.pid is None:
                raise NotReadyError(f"{self.name}: {process.name} ended before it answered")
        return self.place.inside(self.ready)


def program(name: str, package: str, *places: str) -> str:
    """The path of a program; raise MissingProgramError naming the Debian package that brings it."""
    found = shutil.which(name, path=":".join([*places, "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin"]))
    if not found:
        raise MissingProgramError(f"{name} is not on this machine: apt-get install {package}")
    return found


def write(path: Path, text: str, mode: int = 0o644) -> Path:
    """Write a settings file with its mode, making its folder."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(mode)
    return path


def in_turn(*acts: Callable[[], bool]) -> bool:
    """True when every act says so, asked in order and no further than the first no."""
    return all(act() for act in acts)
