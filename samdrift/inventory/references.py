"""References: which field of which noun names an object of which other, as one table, and the judgement over it (I9)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from samdrift.inventory.document import Path
from samdrift.inventory.placed import Loaded, Placed
from samdrift.model.errors import nearest
from samdrift.model.problem import Problem


@dataclass(frozen=True, slots=True)
class Reference:
    """`field` is a path: `a.b` a field, `a[]` each element of a list or key of a map, `a{}` each value of a map."""

    noun: str
    field: str
    targets: tuple[str, ...]
    code: str = "unknown-reference"
    also: frozenset[str] = frozenset()

    @property
    def id(self) -> str:
        return f"{self.noun}.{self.field}"


_HELPED = 1_000
"""Problems that get the nearest id; looking for it costs more than all the rest."""
_PUBLIC = frozenset({"public"})
MEMBER = "unknown-member"
TABLE: tuple[Reference, ...] = (
    Reference("samdrift", "host_organisation", ("members",)),
    Reference("samdrift", "defaults.window", ("windows",)),
    Reference("suppliers", "for_[]", ("members",)),
    Reference("sites", "partner", ("sites",)),
    Reference("sites", "edges[]", ("devices",)),
    Reference("networks", "site", ("sites",)),
    *(
        Reference(noun, field, ("members",))
        for noun in ("networks", "devices", "services", "zones")
        for field in ("owner", "shared_by[]")
    ),
    Reference("devices", "site", ("sites",)),
    Reference("devices", "runs_on", ("devices",)),
    Reference("devices", "redundancy_group", ("redundancy",)),
    Reference("devices", "window", ("windows",)),
    Reference("devices", "uplinks[]", ("devices",)),
    Reference("devices", "depends_on[]", ("devices",)),
    Reference("services", "operator", ("members", "suppliers", "operators"), also=frozenset({"joint"})),
    Reference("services", "devices[]", ("devices",)),
    Reference("services", "depends_on[]", ("services",)),
    Reference("services", "endpoints[].member", ("members",)),
    Reference("services", "objective.members[]", ("members",)),
    Reference("services", "slis[].targets[]", ("members",)),
    Reference("services", "rota", ("rota",)),
    Reference("services", "fail_over.devices[]", ("devices",)),
    Reference("zones", "views[]", ("views",), also=_PUBLIC),
    Reference("zones", "servers[]", ("views",), also=_PUBLIC),
    Reference("zones", "servers{}[].site", ("sites",)),
    Reference("zones", "services[]", ("services",)),
    Reference("backups", "service", ("services",)),
    Reference("backups", "device", ("devices",)),
    Reference("backups", "retention", ("retention-policies",)),
    Reference("backup-targets", "site", ("sites",)),
    Reference("backup-targets", "device", ("devices",)),
    Reference("backup-targets", "pulls_from", ("backup-targets",)),
    Reference("backup-targets", "quotas[]", ("members",)),
    Reference("contracts", "members[]", ("members",)),
    Reference("contracts", "services[]", ("services",)),
    Reference("rota", "layers[].people[]", ("people",)),
    Reference("rota", "overrides[].person", ("people",)),
    Reference("people", "member", ("members",)),
    Reference("calendars", "owner", ("members",)),
    Reference("viewers", "members[]", ("members",)),
    Reference("populations", "persons[]", ("members",), MEMBER),
    Reference("budgets", "agreement", ("agreements",)),
    Reference("accounts", "service", ("services",)),
    Reference("accounts", "member", ("members",), MEMBER),
    Reference("stand-alone", "service", ("services",)),
    Reference("stand-alone", "member", ("members",), MEMBER),
    Reference("prices", "meter", ("meters", "known:meters"), "unknown-meter"),
    Reference("agreements", "agreement.host", ("members",), MEMBER),
    Reference("agreements", "participants[].member", ("members",), MEMBER),
    Reference("agreements", "pools{}.participants[].member", ("members",), MEMBER),
    Reference("agreements", "pools{}.service", ("services",)),
    Reference("agreements", "pools{}.prices[]", ("prices",)),
    *(Reference("agreements", f"keys{{}}.{field}[]", ("members",), MEMBER) for field in ("percent", "weights")),
    Reference("agreements", "keys{}.table", ("populations",), "unknown-table"),
    Reference("agreements", "keys{}.meter", ("meters", "known:meters"), "unknown-meter"),
)


def _yaml(name: str) -> str:
    return name.removesuffix("_")


def values(thing: Any, steps: tuple[str, ...], path: Path = ()) -> Iterator[tuple[Path, str, bool]]:
    """(path, value, whether it is a key) of all words that a field path leads to.

    >>> list(values({"a": 1, "b": 2}, ("[]",)))
    [(('a',), 'a', True), (('b',), 'b', True)]
    """
    if thing is None:
        return
    if not steps:
        if isinstance(thing, str):
            yield path, thing, False
        return
    step, rest = steps[0], steps[1:]
    if step == "[]" and isinstance(thing, Mapping):
        for key in thing:
            yield (*path, key), key, True
    elif step in {"[]", "{}"}:
        for key, inner in (
            thing.items() if isinstance(thing, Mapping) else enumerate(thing if isinstance(thing, tuple) else ())
        ):
            yield from values(inner, rest, (*path, key))
    else:
        yield from values(getattr(thing, step, None), rest, (*path, _yaml(step)))


def steps_of(field: str) -> tuple[str, ...]:
    """`a{}.b[]` → ("a", "{}", "b", "[]")."""
    return tuple(field.replace("[]", ".[]").replace("{}", ".{}").split("."))


def _known(loaded: Loaded, reference: Reference) -> frozenset[str] | None:
    found = reference.also
    for target in reference.targets:
        ids = loaded.known.meters if target == "known:meters" else loaded.ids(target)
        if ids is None:
            return None
        found |= ids
    return found


def judge(loaded: Loaded, words: Mapping[str, str]) -> Iterator[Problem]:
    """All references that lead nowhere, with the nearest that is there; `words` is noun → the word for one."""
    told = 0
    for reference in TABLE:
        known = _known(loaded, reference)
        if known is None:
            continue
        what = words.get(reference.targets[0], reference.targets[0])
        for placed, path, name, key in _dangling(loaded, reference, known):
            told += 1
            near = nearest(name, known) if told <= _HELPED else None
            help = f"did you mean {near!r}?" if near else None
            yield placed.problem(reference.code, f"there is no {what} {name!r}", *path, key=key, help=help)


def _dangling(loaded: Loaded, reference: Reference, known: frozenset[str]) -> Iterator[tuple[Placed, Path, str, bool]]:
    """(object, path, word, whether it is a key) of each word that may stand in no file at all."""
    steps = steps_of(reference.field)
    first, simple = steps[0], len(steps) == 1
    for placed in (*loaded.all(reference.noun), *loaded.incomplete.get(reference.noun, ())):
        value = getattr(placed.thing, first, None)
        if not value or (simple and value in known):
            continue
        for path, name, key in values(value, steps[1:], (_yaml(first),)):
            if name not in known and not loaded.may_be_elsewhere(name):
                yield placed, path, name, key
