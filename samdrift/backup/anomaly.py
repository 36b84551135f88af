"""Anomaly: whether a run's signs are out of this backup's ordinary, by median and MAD; two signals make it suspect (backup.md B16)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from samdrift.model.anomaly import FileSample, Signs

ENOUGH_RUNS = 7
HISTORY_RUNS = 30
SPREADS = 6
"""How many spreads above the median a value must lie."""
SHARE_SPREAD_PERMILLE = 10
UNKNOWN_SPREAD_PERMILLE = 30
BYTES_SPREAD_PERMILLE = 500
"""The least that counts as one spread: a hundredth of all files, and half of the usual bytes, so that a source that hardly moves is not suspect by a trifle."""
BYTES_LEAST = 4 * 2**20
ENTROPY_STEP_MILLIBITS = 1000
SAMPLES_LEAST = 3
WORK = frozenset({"new", "changed", "added-bytes"})
"""More files, more changes and more bytes together are one sign, work: a month's end looks so. Encryption also removes, renames or fills with noise."""
REWRITTEN_PERMILLE = 500
"""No month's end rewrites half of all files: then two signs of work are enough."""
GONE_PERMILLE = 100
"""Somebody tidies up on a month's end too: files that go beside work tell something only when they are a tenth of all, or when another sign does."""


@dataclass(frozen=True, slots=True)
class Scored:
    """`judged` False: undetermined, for there are too few runs to compare with. `telling`: the signals are not what work and tidying give."""

    judged: bool
    signals: tuple[str, ...] = ()
    telling: bool = False

    @property
    def suspect(self) -> bool:
        return self.judged and len(self.signals) > 1 and self.telling


SHARES: tuple[tuple[str, Callable[[Signs], int], int], ...] = (
    ("new", lambda one: one.new_permille, SHARE_SPREAD_PERMILLE),
    ("changed", lambda one: one.changed_permille, SHARE_SPREAD_PERMILLE),
    ("removed", lambda one: one.removed_permille, SHARE_SPREAD_PERMILLE),
    ("unknown-extensions", lambda one: one.unknown_permille, UNKNOWN_SPREAD_PERMILLE),
)
"""Signal, its share, and the least that counts as one spread of it."""


def score(today: Signs, usable: Sequence[Signs]) -> Scored:
    """The verdict on a run; `usable` are the signs of earlier usable runs, the newest first."""
    past = usable[:HISTORY_RUNS]
    if len(past) < ENOUGH_RUNS:
        return Scored(judged=False)
    signals = tuple(_signals(today, past))
    return Scored(judged=True, signals=signals, telling=_telling(today, signals))


def _telling(today: Signs, signals: Sequence[str]) -> bool:
    ordinary = WORK if today.removed_permille >= GONE_PERMILLE else WORK | {"removed"}
    return today.changed_permille >= REWRITTEN_PERMILLE or not set(signals) <= ordinary


def _signals(today: Signs, past: Sequence[Signs]) -> Iterator[str]:
    for name, share, least in SHARES:
        if _high(share(today), [share(one) for one in past], least):
            yield name
    added = [one.added_bytes for one in past]
    if _high(today.added_bytes, added, max(BYTES_LEAST // SPREADS, median(added) * BYTES_SPREAD_PERMILLE / 1000)):
        yield "added-bytes"
    if any(_noisy(one, _before(one.extension, past)) for one in today.samples):
        yield "entropy"
    if any(_misnamed(one, _before(one.extension, past)) for one in today.samples):
        yield "magic"


def _high(value: int, past: Sequence[int], least: float) -> bool:
    """Whether a value lies more than SPREADS spreads above the median; a spread is 1.4826 MAD, the normal distribution's sigma."""
    middle = median(past)
    spread = 1.4826 * median(abs(one - middle) for one in past)
    return value > middle + SPREADS * max(spread, least)


def _before(extension: str, past: Sequence[Signs]) -> list[FileSample]:
    return [one for signs in past for one in signs.samples if one.extension == extension]


def _noisy(today: FileSample, past: Sequence[FileSample]) -> bool:
    """Text that becomes noise; what was noise before (zip, jpg) cannot be told so."""
    if today.files < SAMPLES_LEAST or len(past) < SAMPLES_LEAST:
        return False
    return _high(today.entropy_millibits, [one.entropy_millibits for one in past], ENTROPY_STEP_MILLIBITS / SPREADS)


def _misnamed(today: FileSample, past: Sequence[FileSample]) -> bool:
    """Files that no longer begin as their extension demands, though they did."""
    known = [one for one in past if one.magic_known]
    if today.magic_known < SAMPLES_LEAST or len(known) < SAMPLES_LEAST:
        return False
    usual = median(1000 * one.magic_right / one.magic_known for one in known)
    return 2000 * today.magic_right < usual * today.magic_known


@dataclass(frozen=True, slots=True)
class Movement:
    """How many files a manifest has that the one before lacked, has otherwise, or has no more; and how many of the moved have an unknown extension."""

    before: int
    new: int
    changed: int
    removed: int
    unknown: int


def signs(moved: Movement, added_bytes: int, samples: Sequence[FileSample]) -> Signs:
    """Shares of what was there before; a first run is all new."""
    whole, touched = max(1, moved.before), max(1, moved.new + moved.changed)
    return Signs(
        _permille(moved.new, whole), _permille(moved.changed, whole), _permille(moved.removed, whole), added_bytes,
        1000 * moved.unknown // touched if moved.before else 0, tuple(samples),
    )  # fmt: skip


def _permille(part: int, whole: int) -> int:
    return min(1000, 1000 * part // whole)
