"""Prints every figure beside its peer; `--keep` keeps them, and a later run says what moved by more than a tenth."""

from __future__ import annotations

import argparse
import importlib
import json
import os
import platform
import resource
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from tests.bench.measure import RUNS, Failed, Figure  # noqa: E402 - the folder above is not installed

KEPT = Path(__file__).parent / "kept.json"
MOVED = 0.10


def machine() -> str:
    """Processor, cores, memory, Python: what a figure is worth nothing without."""
    model = next(
        (
            line.split(":", 1)[1].strip()
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{model}, {os.cpu_count()} cores, {memory:.0f} GiB, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"


def benches() -> list[str]:
    """Every *_bench.py beside this file, sorted."""
    return sorted(path.stem for path in Path(__file__).parent.glob("*_bench.py"))


def print_figures(figures: Iterable[Figure], kept: dict[str, float]) -> tuple[dict[str, float], int]:
    """The medians printed, by key, and how many are missing or over their limit."""
    medians: dict[str, float] = {}
    wanting = 0
    for figure in figures:
        if figure.timing is None:
            wanting += 1
            print(f"  {figure.what:58} missing: {figure.missing}")
            continue
        medians[figure.key] = median = figure.timing.median
        notes = []
        if figure.beside and f"{figure.bench}: {figure.beside}" in medians:
            notes.append(f"{median / medians[f'{figure.bench}: {figure.beside}']:.2f} x {figure.beside}")
        if figure.limit_s is not None and median > figure.limit_s:
            wanting += 1
            notes.append(f"OVER the limit of {figure.limit_s * 1000:.0f} ms")
        if figure.limit_bytes is not None and figure.timing.peak_bytes > figure.limit_bytes:
            wanting += 1
            notes.append(f"OVER the limit of {figure.limit_bytes / 2**20:.0f} MiB")
        if figure.key in kept and abs(median / kept[figure.key] - 1) > MOVED:
            notes.append(f"moved {median / kept[figure.key] - 1:+.0%} since kept")
        print(f"  {figure.what:58} {figure.timing.shown()}  {' · '.join(notes)}", flush=True)
    return medians, wanting


def main() -> int:
    """Exit 0: a bench warns, a person decides."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", action="store_true", help="keep these figures to compare with")
    parser.add_argument("names", nargs="*", help=f"which benches, of {', '.join(benches())}")
    options = parser.parse_args()
    kept = json.loads(KEPT.read_text(encoding="utf-8"))["medians"] if KEPT.exists() else {}
    print(f"machine: {machine()}")
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**10
    print(
        f"each line: median (fastest-slowest) of at least {RUNS} runs, peak memory (nothing under this program's own {own:.0f} MiB can be seen)"
    )
    medians: dict[str, float] = {}
    wanting = 0
    for name in options.names or benches():
        module = importlib.import_module(f"tests.bench.{name}")
        print(f"{name.removesuffix('_bench')}: {(module.__doc__ or '').splitlines()[0]}", flush=True)
        with tempfile.TemporaryDirectory(prefix="samdrift-bench-") as folder:
            try:
                found, missing = print_figures(module.figures(Path(folder)), kept)
            except Failed as error:
                found, missing = {}, 1
                print(f"  missing: {error}")
        for line in module.notes() if hasattr(module, "notes") else ():
            print(f"  {line}")
        medians |= found
        wanting += missing
    print(f"bench: {len(medians)} figures, {wanting} missing or over their limit")
    if options.keep:
        KEPT.write_text(
            json.dumps(
                {"machine": machine(), "medians": {key: round(value, 6) for key, value in sorted(medians.items())}},
                indent=2,
            )
            + "\n",
            encoding="utf-8",
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
