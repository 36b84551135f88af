"""Loading: {path: bytes} → one valid inventory, or every problem of every file in one go (I4)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain, islice
from typing import Any

from samdrift.inventory import gathering, identity, limits, reading, references, secret_files, shape, sorting, waiving
from samdrift.inventory.document import Document, Path
from samdrift.inventory.placed import Entry, Known, Loaded, Placed
from samdrift.inventory.rules import rules
from samdrift.model.errors import InvalidInventory, nearest
from samdrift.model.inventory import Inventory
from samdrift.model.nouns import nouns
from samdrift.model.problem import Place, Problem

_SETTINGS = "samdrift.yml"


def load(
    files: Mapping[str, bytes],
    *,
    root: str,
    known: Known,
    at: datetime,
    member: str | None = None,
    faults: Mapping[str, tuple[str, str]] | None = None,
    judged_before: bool = False,
) -> Inventory:
    """The inventory in `files` (path below `root` → content), judged whole at the instant `at`.

    Raises InvalidInventory with all problems, sorted by place. With `member` only its files and those of no member are parsed (I16).
    `faults` are files that could not be read: path → (code, message). `judged_before`: a close froze these files when they were valid,
    so that rules and bounds of a later day do not refuse them (costs.md C2); they are read, not judged.
    """
    work = judge(files, root=root, known=known, at=at, member=member, faults=faults, judged_before=judged_before)
    if any(problem.level == "error" for problem in work.problems):
        raise InvalidInventory(work.problems)
    return inventory_of(work)


@dataclass
class Work:
    """An inventory in the making."""

    files: Mapping[str, bytes]
    root: str
    faults: Mapping[str, tuple[str, str]]
    problems: list[Problem] = field(default_factory=list)
    documents: list[tuple[str, Document]] = field(default_factory=list)
    data: dict[str, bytes] = field(default_factory=dict)
    secret_members: set[str] = field(default_factory=set)
    entries: list[Entry] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    doubtful: set[str] = field(default_factory=set)
    members: set[str] = field(default_factory=set)
    bytes_read: int = 0
    skipped: bool = False
    judged_before: bool = False
    loaded: Loaded | None = None

    def shown(self, path: str) -> str:
        """A path as the user's --inventory joins it."""
        return f"{self.root.rstrip('/')}/{path}" if self.root not in {"", "."} else path

    def content(self, path: str, limit: int) -> bytes | None:
        """A file's bytes; None when they cannot be had, which is then a problem."""
        file = self.shown(path)
        if path in self.faults:
            self.problems.append(Problem(Place(file), *self.faults[path]))
            return None
        content = self.files[path]
        self.bytes_read += len(content)
        if self.bytes_read > limits.ALL_BYTES:
            self.problems.append(Problem(Place(self.root), "inventory-too-large", "the files are over 64 MiB together"))
            raise InvalidInventory(sorted(self.problems, key=lambda problem: problem.sort_key))
        if len(content) > limit and limit != limits.FILE_BYTES:
            self.problems.append(Problem(Place(file), "file-too-large", f"the file is over {limit // 2**20} MiB"))
            return None
        return content


def judge(
    files: Mapping[str, bytes],
    *,
    root: str,
    known: Known,
    at: datetime,
    member: str | None = None,
    faults: Mapping[str, tuple[str, str]] | None = None,
    judged_before: bool = False,
) -> Work:
    """All that can be said of the files: objects, and problems sorted by place."""
    work = Work(files, root, faults or {}, judged_before=judged_before)
    paths = [path for path in sorted({*files, *work.faults}) if not sorting.hidden(path)]
    for path in sorting.first_files(paths):
        if member is None or sorting.named_after(path, ()) in {None, member}:
            _read(work, path)
        else:
            work.skipped = True
            work.members.add(str(sorting.could_be_named_after(path)))
    work.members |= {entry.name for entry in work.entries if entry.noun == "members"}
    first = set(sorting.first_files(paths))
    for path in paths:
        if path not in first:
            whose = sorting.named_after(path, work.members)
            if member is not None and whose is not None and whose != member:
                work.skipped = True
            else:
                _read(work, path, whose)
    if member is not None and member not in work.members:
        near = nearest(member, work.members)
        help = f"did you mean {near!r}?" if near else f"its members: {', '.join(sorted(work.members))}"
        work.problems.append(
            Problem(Place(work.shown(_SETTINGS)), "unknown-reference", f"there is no member {member!r}", help)
        )
    _objects(work, known, at)
    work.problems.sort(key=lambda problem: problem.sort_key)
    return work


def _read(work: Work, path: str, whose: str | None = None) -> None:
    file, kind = work.shown(path), sorting.kind(path)
    if problem := sorting.name_problem(file, path):
        work.problems.append(problem)
        return
    if kind == "stray":
        work.problems.append(sorting.stray_problem(file, path))
        return
    content = work.content(path, limits.FILE_BYTES if kind == "yaml" else limits.DATA_FILE_BYTES)
    noun = gathering.noun_of_place(path, nouns())
    if content is None:
        work.doubtful |= {noun} if noun else set(nouns())
    elif kind == "data":
        work.data[path] = content
    elif kind == "secret":
        work.secret_members.add(path.removeprefix("secrets/").removesuffix(".yml"))
        work.problems += filter(None, [secret_files.judge(file, path, content)])
    else:
        document = reading.read(file, content)
        document.member = whose
        work.documents.append((path, document))
        if document.broken:
            work.doubtful |= {noun} if noun else set(nouns())
            work.unread.append(content[: limits.FILE_BYTES].decode(errors="replace"))
        work.entries += gathering.gather(document, noun, nouns())
        work.problems += document.problems


def _objects(work: Work, known: Known, at: datetime) -> None:
    if _SETTINGS not in work.files and _SETTINGS not in work.faults:
        work.problems.append(
            Problem(
                Place(work.shown(_SETTINGS)),
                "missing-key",
                f"the inventory has no {_SETTINGS}",
                "its keys: plugin, version, host_organisation",
            )
        )
    placed: dict[str, list[Placed]] = {noun: [] for noun in nouns()}
    incomplete: dict[str, list[Placed]] = {noun: [] for noun in nouns()}
    twice = {id(entry) for entry in identity.repeated(work.entries)}
    for entry in work.entries:
        if len(work.problems) > limits.PROBLEMS:
            break
        judged = shape.judge(nouns()[entry.noun].model, entry.raw, judged_before=work.judged_before)
        if judged.faults:
            work.problems += _problems(entry, judged.faults)
        if judged.thing is not None:
            (placed if judged.complete and id(entry) not in twice else incomplete)[entry.noun].append(
                Placed(judged.thing, entry, judged.whole)
            )
        if not judged.whole:
            work.doubtful.add(entry.noun)
    work.problems += identity.judge(work.entries)
    declared: dict[str, set[str]] = {noun: set() for noun in nouns()}
    for entry in work.entries:
        declared[entry.noun].add(entry.name)
    declared["members"] |= work.members
    work.loaded = Loaded(
        objects={noun: tuple(things) for noun, things in placed.items()},
        incomplete={noun: tuple(things) for noun, things in incomplete.items()},
        declared={noun: frozenset(ids) for noun, ids in declared.items()},
        at=at, known=known, files=work.data, doubtful=frozenset(nouns() if work.skipped else work.doubtful),
        unread=tuple(work.unread), skipped=work.skipped,
    )  # fmt: skip
    if work.judged_before:
        return
    dangling = references.judge(work.loaded, {noun: spec.one for noun, spec in nouns().items()})
    found = (problem for rule in rules().values() for problem in rule.judge(work.loaded))
    words = {spec.one: noun for noun, spec in nouns().items()}
    rest = chain(dangling, waiving.apply(work.loaded, _certain(work, found), words))
    work.problems += islice(rest, max(0, limits.PROBLEMS - len(work.problems)))
    if len(work.problems) > limits.PROBLEMS or next(rest, None) is not None:
        message = f"over {limits.PROBLEMS} problems; the rest is not told"
        work.problems.append(Problem(Place(work.root), "too-many-problems", message))


def _problems(entry: Entry, faults: Iterable[shape.Fault]) -> Iterator[Problem]:
    for fault in faults:
        path = (*entry.path, *fault.path)
        if any(path[:length] in entry.document.spoiled for length in range(len(path) + 1)):
            continue
        if fault.code == "missing-key":
            yield _missing(entry, fault)
        else:
            yield entry.problem(fault.code, fault.message, *fault.path, key=fault.key, help=fault.help)


def _missing(entry: Entry, fault: shape.Fault) -> Problem:
    """A missing key stands at its object's first line; inside a map that is the line of the map's key."""
    inner: Path = fault.path
    key = bool(inner) and isinstance(inner[-1], str)
    where = f"{inner[-1]} of {entry.name}" if key else entry.name or f"an object of {entry.noun}"
    return entry.problem(fault.code, f"{where}: {fault.message}", *inner, key=key, help=fault.help)


def _certain(work: Work, problems: Iterable[Problem]) -> Iterator[Problem]:
    """Leaves out what a rule finds missing in an object whose wrong values were taken out: that is reported already."""
    halves = {
        f"{placed.entry.noun}.{placed.id}"
        for things in (work.loaded.objects.values() if work.loaded else ())
        for placed in things
        if not placed.whole
    }
    return (problem for problem in problems if problem.path not in halves)


def inventory_of(work: Work) -> Inventory:
    """The inventory of a judged work without errors."""
    loaded = work.loaded
    assert loaded is not None
    settings = loaded.settings
    assert settings is not None
    places: dict[tuple[str, str], Place] = {}
    objects: dict[str, tuple[Any, ...]] = {}
    for noun, things in loaded.objects.items():
        if noun != "samdrift":
            objects[noun] = tuple(placed.thing for placed in things)
        for placed in things:
            places.setdefault((noun, placed.id), placed.place())
            if noun == "agreements":  # whose versions share an id
                places[noun, f"{placed.id}/{placed.thing.agreement.version}"] = placed.place("agreement", "version")
    warnings = tuple(problem for problem in work.problems if problem.level == "warning")
    return Inventory(work.root, settings.thing, objects, places, work.data, warnings)
