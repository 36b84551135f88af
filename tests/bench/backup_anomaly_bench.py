"""False alarms and finds of the anomaly rules over a simulated quarter: an office's files day by day, judged as a run would be. The rules were tuned on seeds 1-260; these quarters are others."""

from __future__ import annotations

import random
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from samdrift.backup.anomaly import Movement, score, signs  # noqa: E402 - the folder above is not installed
from samdrift.model.anomaly import FileSample, Signs  # noqa: E402 - as above
from tests.bench.measure import Figure, Timing  # noqa: E402 - as above

SEEDS = range(301, 361)
DAYS, WARM = 60, 10
KINDS = {".txt": (3980, 120, False), ".csv": (4100, 150, False), ".docx": (7880, 20, True), ".jpg": (7960, 8, True), ".pdf": (7850, 40, True), ".log": (4600, 200, False)}
"""Extension → usual entropy (thousandths of a bit), its spread, and whether its first bytes are known."""
TEXT_SIZE = 1000
NOISE = 7997


@dataclass
class Office:
    """Some thousand files of an office; `day` moves them and gives that day's signs."""

    draw: random.Random
    files: int = 4000
    seen: set[str] = field(default_factory=lambda: set(KINDS))

    def day(self, number: int, *, encrypted: float = 0.0, renamed: bool = True) -> Signs:
        draw = self.draw
        weekend, month_end = number % 7 >= 5, number % 30 in {29, 0}
        new = draw.randint(0, 6) if weekend else draw.randint(15, 60)
        changed = draw.randint(0, 10) if weekend else draw.randint(40, 140)
        removed = draw.randint(0, 25)
        unknown = 1 if draw.random() < 0.05 else 0
        added = (new + changed) * draw.randint(4_000, 14_000)
        if month_end:
            new += draw.randint(300, 700)
            changed += draw.randint(50, 400)
            added += draw.randint(20, 80) * 2**20
            unknown += draw.random() < 0.3
        if draw.random() < 0.02:  # somebody tidies up
            removed += draw.randint(100, 500)
        samples = tuple(self._sample(kind) for kind in KINDS if draw.random() < (0.4 if weekend else 0.95))
        if encrypted:
            hit = round(self.files * encrypted)
            new, changed, removed, unknown = (new + hit, changed, removed + hit, unknown + hit) if renamed else (new, changed + hit, removed, unknown)
            added += hit * 32_000
            samples = tuple(self._spoilt(one, encrypted) for one in samples) if not renamed else (*samples, FileSample(".locked", 8, NOISE))
        before, self.files = self.files, max(1, self.files + new - removed)
        return signs(Movement(before, new, changed, removed, unknown), added, samples)

    def _sample(self, kind: str) -> FileSample:
        usual, spread, known = KINDS[kind]
        count = self.draw.randint(3, 8)
        return FileSample(kind, count, min(8000, round(self.draw.gauss(usual, spread))), count * known, count * known)

    def _spoilt(self, one: FileSample, share: float) -> FileSample:
        """Files encrypted under their own names: among the day's new and changed ones most are noise."""
        part = min(1.0, share * self.files / (share * self.files + 90))
        return FileSample(one.extension, one.files, round(one.entropy_millibits * (1 - part) + NOISE * part), one.magic_known, round(one.magic_right * (1 - part)))


def quarter(seed: int) -> tuple[int, list[Signs], Office, int]:
    """False alarms in DAYS normal days after WARM more, the usable history newest first, the office as it is then, and the days that were undetermined."""
    office, past, alarms, early = Office(random.Random(seed)), [], 0, 0
    for number in range(WARM + DAYS):
        today = office.day(number)
        found = score(today, past)
        early += not found.judged
        alarms += found.suspect and number >= WARM
        past.insert(0, today)  # a person accepts a false alarm the same day
    return alarms, past, office, early


def found_after(office: Office, past: list[Signs], share: float, *, renamed: bool) -> int | None:
    """At which run of an encryption of `share` a day it is suspect; None when it is not within 10."""
    history = list(past)
    for run in range(1, 11):
        today = office.day(WARM + DAYS + 3 + run, encrypted=share, renamed=renamed)
        if score(today, history).suspect:
            return run
        history.insert(0, today)
    return None


def results() -> dict[str, object]:
    """What the rules gave over all seeds: worst and total false alarms, and the worst run at which each attack was found."""
    quarters = [quarter(seed) for seed in SEEDS]
    worst: dict[str, int | None] = {}
    for name, share, renamed in (("all at once, renamed", 1.0, True), ("all at once, own names", 1.0, False), ("10 % a day, renamed", 0.1, True), ("10 % a day, own names", 0.1, False)):
        runs = [found_after(office, past, share, renamed=renamed) for _, past, office, _ in quarters]
        worst[name] = None if None in runs else max(run for run in runs if run is not None)
    alarms = [each[0] for each in quarters]
    return {"worst": max(alarms), "total": sum(alarms), "spread": sorted(Counter(alarms).items()), "early": {each[3] for each in quarters}, "found": worst}


def figures(folder: Path) -> Iterator[Figure]:
    began = time.process_time()
    told = results()
    took = time.process_time() - began
    days = DAYS * len(SEEDS)
    print(f"  false alarms: {told['total']} in {days} normal days of {len(SEEDS)} quarters, at most {told['worst']} in one quarter of {DAYS} days with two month's ends")
    print(f"  quarters by their false alarms: {', '.join(f'{count} with {number}' for number, count in told['spread'])}")
    print(f"  undetermined: the first {told['early']} runs; found at the worst at run {told['found']}")
    yield Figure("backup-anomaly", f"judging {days + 10 * 4 * len(SEEDS)} runs (CPU)", Timing((took,), 0))
