"""Wall time, CPU time and peak memory of a command: median and spread of at least five runs."""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

RUNS = 5
LIMIT_S = 900
WARM_LIMIT_S = 10


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds of each run, sorted, the largest resident size of any in bytes, and CPU seconds of each, sorted, where they are known.

    On a machine that others use too the CPU seconds over its cores are what a quiet one needs at least.
    """

    seconds: tuple[float, ...]
    peak_bytes: int
    cpu_seconds: tuple[float, ...] = ()

    @property
    def median(self) -> float:
        return statistics.median(self.seconds)

    def shown(self) -> str:
        cpu = f"  CPU {statistics.median(self.cpu_seconds) * 1000:.1f} ms" if self.cpu_seconds else ""
        return f"{self.median * 1000:9.1f} ms ({self.seconds[0] * 1000:.1f}-{self.seconds[-1] * 1000:.1f})  {self.peak_bytes / 2**20:6.1f} MiB{cpu}"


@dataclass(frozen=True, slots=True)
class Figure:
    """One line of the bench: `beside` names the peer that its ratio is taken against; no timing means why it is missing."""

    bench: str
    what: str
    timing: Timing | None
    beside: str | None = None
    missing: str = ""
    limit_s: float | None = None
    limit_bytes: int | None = None

    @property
    def key(self) -> str:
        return f"{self.bench}: {self.what}"


class Failed(Exception):
    """The command did not end as a measurement needs it; the message holds its last words."""


def command(
    line: Sequence[str],
    *,
    runs: int = RUNS,
    accepted: Sequence[int] = (0,),
    environment: Mapping[str, str] | None = None,
    folder: Path | None = None,
) -> Timing:
    """Runs the command once to warm the caches (a run of over 10 s counts at once) and then `runs` times; raises Failed on another exit code or after LIMIT_S."""
    seconds, cpu, peak = [], [], 0
    for run in range(runs + 1):
        if len(seconds) == runs:
            break
        with tempfile.TemporaryFile() as words:
            began = time.perf_counter()
            process = subprocess.Popen(
                list(line),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=words,
                env={**os.environ, **(environment or {})},
                cwd=folder,
                start_new_session=True,
            )
            signal.signal(signal.SIGALRM, lambda *_, group=process.pid: os.killpg(group, signal.SIGKILL))
            signal.alarm(LIMIT_S)
            _, status, usage = os.wait4(process.pid, 0)
            signal.alarm(0)
            took = time.perf_counter() - began
            process.returncode = code = os.waitstatus_to_exitcode(status)
            if code not in accepted:
                words.seek(0)
                raise Failed(
                    f"{' '.join(line[:3])} … ended with {code} after {took:.0f} s: {words.read().decode(errors='replace').strip()[-300:]}"
                )
        if (run or took > WARM_LIMIT_S) and len(seconds) < runs:
            seconds.append(took)
            cpu.append(usage.ru_utime + usage.ru_stime)
            peak = max(peak, usage.ru_maxrss * 1024)
    return Timing(tuple(sorted(seconds)), peak, tuple(sorted(cpu)))
