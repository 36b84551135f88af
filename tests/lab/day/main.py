"""The day from its first line to its last: one line a step, an index page, a summary a newcomer understands (lab.md R1-R4)."""

from __future__ import annotations

import argparse
import html
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from importlib import import_module
from pkgutil import iter_modules
from types import FrameType

from tests.lab.day import steps as step_files
from tests.lab.day.day import LEVELS, ROOT, Day, Result, Step, told
from tests.lab.day.left_over import KEPT, take_down_left_over

SHOWN = {"ok": ("✓", "OK"), "failed": ("✗", "NOT AS EXPECTED"), "left-out": ("○", "LEFT OUT")}
OUT = ROOT / "build" / "run"


def all_steps() -> list[Step]:
    """Every step, by its number."""
    names = sorted(info.name for info in iter_modules(step_files.__path__))
    return sorted((import_module(f"{step_files.__name__}.{name}").STEP for name in names), key=lambda step: step.number)


def wanted(steps: Sequence[Step], number: int | None) -> list[Step]:
    """All steps, or the one asked for with those it rests on or makes use of."""
    if number is None:
        return list(steps)
    by_number = {step.number: step for step in steps}
    if number not in by_number:
        raise SystemExit(f"there is no step {number}; steps are {', '.join(map(str, by_number))}")
    chosen: set[int] = set()
    open_ones = [number]
    while open_ones:
        step = by_number[open_ones.pop()]
        if step.number not in chosen:
            chosen.add(step.number)
            open_ones += (*step.needs, *step.uses)
    return [step for step in steps if step.number in chosen]


def machine_level() -> str:
    """What the lab's doctor found by trying, lowered by SAMDRIFT_LAB_LEVEL."""
    done = subprocess.run(
        [str(ROOT / "tests" / "lab" / "lab"), "doctor", "--output", "json"],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    try:
        found = json.loads(done.stdout)["level"]
    except (ValueError, KeyError):
        found = "bare"
    asked = os.environ.get("SAMDRIFT_LAB_LEVEL", found)
    return min(found, asked if asked in LEVELS else found, key=LEVELS.index)


def resting(other: Result) -> str:
    """Why a step cannot be taken when one that it rests on was not."""
    return f"rests on step {other.step.number}, which {'was left out' if other.state == 'left-out' else 'is not as expected'}: {other.seen}"


def line_of(result: Result) -> str:
    """`✓ OK  3  what  (seconds)` and what was seen."""
    symbol, word = SHOWN[result.state]
    return f"{symbol} {word:<15} {result.step.number:>2}  {result.step.what} ({result.seconds:.1f} s)\n      expected: {result.step.expected}\n      seen:     {result.seen}"


def summary(day: Day, results: Sequence[Result], seconds: float) -> list[str]:
    """The last lines: what was checked and found, backed up and proven, who pays what, where the pages are, and what was not real."""
    says = {name: text for result in results for name, text in result.says.items()}
    titles = {
        "inventory": "Inventory", "lab": "Lab", "hosts": "Hosts", "checks": "Checked and found", "backup": "Backed up and proven", "network": "Router",
        "hall": "Hall", "alarm": "Alarm", "metrics": "Metrics", "costs": "Who pays what", "audit": "Audit",
    }  # fmt: skip
    states = {state: [result for result in results if result.state == state] for state in SHOWN}
    lines = [
        f"The day took {seconds:.0f} s at level {day.level}; its faults were drawn by seed {day.seed} (again: make run SEED={day.seed})."
    ]
    lines += [f"  {titles[name]}: {says[name]}" for name in titles if name in says]
    lines += [f"  Pages, reports, proofs, audit: {day.folder / 'index.html'}"]
    replayed, simulated = sum(result.replayed for result in results), sum(result.simulated for result in results)
    missing = ", ".join(str(result.step.number) for result in states["left-out"]) or "none"
    lines.append(
        f"  {len(states['ok'])} steps as expected, {len(states['failed'])} not; left out: {missing}. "
        f"Replayed readings: {replayed}. Simulated parts: {simulated}. Not-there parts: {len(states['left-out'])}."
    )
    return lines


def write_index(day: Day, results: Sequence[Result], last: Sequence[str]) -> None:
    """One page that links all that the day left."""
    rows = "".join(
        f"<tr><th scope='row'>{result.step.number}</th><td>{html.escape(result.step.what)}</td><td>{SHOWN[result.state][0]} {SHOWN[result.state][1]}</td>"
        f"<td>{html.escape(result.seen)}</td><td>{result.seconds:.1f}</td></tr>"
        for result in results
    )
    files = sorted(
        path.relative_to(day.folder)
        for path in day.folder.rglob("*")
        if path.is_file() and path.parts[len(day.folder.parts)] not in {"work", "state"}
    )
    links = "".join(f"<li><a href='{html.escape(str(path))}'>{html.escape(str(path))}</a></li>" for path in files)
    told_lines = "".join(f"<p>{html.escape(line)}</p>" for line in last)
    page = (
        "<!DOCTYPE html><html lang='en'><head><meta charset='utf-8'><meta name='viewport' content='width=device-width, initial-scale=1'>"
        "<title>samdrift: a day of the joint service</title><style>:root{color-scheme:light dark}body{font:1rem/1.5 system-ui,sans-serif;max-width:70rem;"
        "margin:auto;padding:1rem}table{border-collapse:collapse}th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;border-bottom:1px solid #767676}"
        f"caption{{text-align:left;font-weight:600}}</style></head><body><main><h1>A day of the joint service</h1>{told_lines}"
        "<table><caption>Steps</caption><thead><tr><th scope='col'>Step</th><th scope='col'>What</th><th scope='col'>State</th><th scope='col'>Seen</th>"
        f"<th scope='col'>Seconds</th></tr></thead><tbody>{rows}</tbody></table><h2>Left behind</h2><ul>{links}</ul></main></body></html>\n"
    )
    (day.folder / "index.html").write_text(page, encoding="utf-8")


def main(arguments: Sequence[str]) -> int:
    """Exit 0 when each step saw what it expected, 1 when one did not, 130 after Ctrl-C."""
    parser = argparse.ArgumentParser(prog="make run", description="The service's day on real parts.")
    parser.add_argument("--keep", action="store_true", help="leave the lab up")
    parser.add_argument("--step", type=int, help="only this step and what it needs")
    parser.add_argument("--seed", type=int, help="draw the faults by this seed")
    given = parser.parse_args(arguments)
    began = time.monotonic()
    chosen = wanted(all_steps(), given.step)
    level = machine_level()
    seed = given.seed if given.seed is not None else int.from_bytes(os.urandom(2), "big")
    told(f"samdrift: the service's day at level {level} of {', '.join(LEVELS)}; seed {seed}")
    shutil.rmtree(OUT, ignore_errors=True)
    day = Day(OUT, level, seed)
    signal.signal(signal.SIGTERM, _interrupt)
    results: list[Result] = []
    try:
        for name in take_down_left_over() if day.can("plain") else []:
            told(f"took down the lab {name}, left by a run that was killed")
        for step in chosen:
            blocked = [each for each in results if each.state != "ok" and each.step.number in step.needs]
            result = day.do(step) if not blocked else Result(step, "left-out", resting(blocked[0]), 0.0)
            results.append(result)
            told(line_of(result))
    except KeyboardInterrupt:
        told("interrupted; cleaning up")
        day.clean_up(keep=False)
        return 130
    finally:
        day.clean_up(keep=given.keep)
    last = summary(day, results, time.monotonic() - began)
    write_index(day, results, last)
    for line in last:
        told(line)
    if given.keep and day.lab_is_up:
        (day.lab.directory / KEPT).touch()
        told(f"  The lab is left up. Take it down: LAB_NAME={day.lab.name} tests/lab/lab down")
    return 1 if any(result.state == "failed" for result in results) else 0


def _interrupt(number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
