"""Pipe: one program's output into another's input, which gets its end only when all of it was made and parsed (backup.md B8)."""

from __future__ import annotations

import contextlib
import hashlib
import shlex
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from typing import Self

from samdrift.adapters.clock import tell_call
from samdrift.adapters.limits import GRACE_S, SIZES
from samdrift.adapters.process import Ended, Kept, clean_environment, end_group, find_program

GUARD = """read -r word
[ "$word" = end ] && exit 0
kill -INT "$1"
for _ in 1 2 3 4 5 6 7 8 9 10; do kill -0 "$1" 2>/dev/null || exit 1; sleep 1; done
kill -KILL "$1"
"""
"""Holds the taker's input open. Without the word `end` (this process was killed) the taker is interrupted before it can take a stump for the whole."""


TAKER_GONE = "the taker ended before its input did"


@dataclass(frozen=True, slots=True)
class Program:
    """An argument list, what its environment gets beside the clean one, and descriptors that it inherits."""

    argv: Sequence[str]
    env: dict[str, str] = field(default_factory=dict)
    pass_fds: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Piped:
    """How it ended: `refusal` says why the taker was interrupted before the end of its input; it is empty when it got its end. Bytes and hex SHA-256 are of the whole stream."""

    producer: Ended
    parser: Ended | None
    taker: Ended
    size_bytes: int
    sha256: str
    refusal: str = ""
    timed_out: bool = False


def pipe(producer: Program, taker: Program, *, parser: Program | None = None, limit_seconds: float) -> Piped:
    """Run all to their end or the limit. The taker's input is closed only after the producer ended with 0, wrote something, and the parser read it whole and ended with 0."""
    began = time.monotonic()
    with ExitStack() as stack:
        makes = stack.enter_context(_Running(producer, reads=False, writes=True))
        parses = stack.enter_context(_Running(parser, reads=True, writes=False)) if parser else None
        takes = stack.enter_context(_Running(taker, reads=True, writes=False, stop_signal=signal.SIGINT))
        guard = stack.enter_context(_Guard(takes))
        limit = _Limit(limit_seconds, [takes, makes, *([parses] if parses else [])])
        stack.callback(limit.cancel)
        digest, size = _stream(makes, parses, takes)
        made = makes.wait()
        parsed = parses.close().wait() if parses else 0
        refusal = _refusal(made, parsed, size, timed_out=limit.reached, gone=takes.process.poll() is not None)
        if refusal:
            takes.end()
        else:
            guard.let_end()
            takes.close().wait()
        ended = Piped(makes.ended(), parses.ended() if parses else None, takes.ended(limit.reached), size, digest, refusal, limit.reached)
    tell_call(f"{shlex.join(producer.argv)[:100]} | {taker.argv[0]}", ended.refusal or f"exit {ended.taker.code}", began)
    return ended


def _stream(makes: _Running, parses: _Running | None, takes: _Running) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    assert makes.process.stdout is not None
    while block := makes.process.stdout.read(SIZES["hash-block"]):
        digest.update(block)
        size += len(block)
        if parses is not None:
            parses.give(block)
        if not takes.give(block):
            makes.end()
            break
    return digest.hexdigest(), size


def _refusal(made: int, parsed: int, size: int, *, timed_out: bool, gone: bool) -> str:
    if timed_out:
        return "the limit was reached"
    if gone:
        return TAKER_GONE
    if made != 0:
        return f"the producer ended with {made}"
    if not size:
        return "the producer wrote nothing"
    return f"what it wrote could not be parsed whole (the parser ended with {parsed})" if parsed else ""


class _Running:
    """One program of the pipe, in a session of its own; ended on leaving, whatever happens."""

    def __init__(self, program: Program, *, reads: bool, writes: bool, stop_signal: signal.Signals = signal.SIGTERM) -> None:
        self._stop_signal, self._writes = stop_signal, writes
        self.process = subprocess.Popen(
            [find_program(program.argv[0]), *program.argv[1:]], stdin=subprocess.PIPE if reads else subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=clean_environment(program.env), cwd="/", pass_fds=program.pass_fds, start_new_session=True,
        )  # fmt: skip
        self._err = Kept(self.process.stderr, SIZES["program-output"], None)
        self._out = None if writes else Kept(self.process.stdout, SIZES["program-output"], None)
        self._deaf = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.end()
        for stream in (self.process.stdin, self.process.stdout if self._writes else None):
            if stream is not None:
                with contextlib.suppress(OSError, ValueError):
                    stream.close()

    def give(self, block: bytes) -> bool:
        """False when it does not read any more."""
        assert self.process.stdin is not None
        if not self._deaf:
            try:
                self.process.stdin.write(block)
                self.process.stdin.flush()
            except (BrokenPipeError, ValueError):
                self._deaf = True
        return not self._deaf

    def close(self) -> _Running:
        """End of its input."""
        assert self.process.stdin is not None
        with contextlib.suppress(OSError, ValueError):
            self.process.stdin.close()
        return self

    def wait(self) -> int:
        return self.process.wait()

    def end(self) -> None:
        """Asked to end, then killed; nothing of its group is left."""
        if self.process.poll() is None:
            end_group(self.process, self._stop_signal)

    def ended(self, timed_out: bool = False) -> Ended:
        for kept in (self._out, self._err):
            if kept is not None:
                kept.join(1)
        return Ended(self.process.returncode, self._out.kept if self._out else b"", self._err.kept, timed_out)


class _Guard:
    """A shell that holds the taker's input open until it is told `end`; when we are killed it interrupts the taker instead."""

    def __init__(self, takes: _Running) -> None:
        assert takes.process.stdin is not None
        self._takes = takes
        held = takes.process.stdin.fileno()
        self._shell = subprocess.Popen(
            ["/bin/sh", "-c", GUARD, "samdrift-guard", str(takes.process.pid)], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env=clean_environment(), cwd="/", pass_fds=(held,), start_new_session=True,
        )  # fmt: skip

    def __enter__(self) -> Self:
        return self

    def let_end(self) -> None:
        """The input may end now."""
        self._shell.communicate(b"end\n", timeout=GRACE_S)

    def __exit__(self, *_: object) -> None:
        self._takes.end()
        if self._shell.poll() is None:
            end_group(self._shell, signal.SIGKILL)
        if self._shell.stdin is not None:
            with contextlib.suppress(OSError, ValueError):
                self._shell.stdin.close()


class _Limit:
    """Ends the programs in order when the time is up; the first is the taker, so that it never sees an early end."""

    def __init__(self, seconds: float, programs: Sequence[_Running]) -> None:
        self.reached = False
        self._programs = programs
        self._timer = threading.Timer(max(0.0, seconds), self._end)
        self._timer.daemon = True
        self._timer.start()

    def _end(self) -> None:
        self.reached = True
        for program in self._programs:
            program.end()

    def cancel(self) -> None:
        self._timer.cancel()
