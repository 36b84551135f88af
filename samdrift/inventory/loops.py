"""Loops: circles in what leads to what, each told once, from its first id on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping


def loops(edges: Mapping[str, Iterable[str]]) -> Iterator[tuple[str, ...]]:
    """Circles of a graph, one for each that a walk over it closes; every edge is walked once.

    >>> list(loops({"b": ["c"], "c": ["a"], "a": ["b"], "d": ["a"]}))
    [('a', 'b', 'c')]
    """
    done: set[str] = set()
    for start in sorted(edges):
        if start in done:
            continue
        path, on_path = [start], {start}
        waiting = [iter(sorted(edges.get(start, ())))]
        while waiting:
            step = next(waiting[-1], None)
            if step is None:
                waiting.pop()
                left = path.pop()
                on_path.discard(left)
                done.add(left)
            elif step in on_path:
                circle = path[path.index(step) :]
                first = circle.index(min(circle))
                yield (*circle[first:], *circle[:first])
            elif step not in done and step in edges:
                path.append(step)
                on_path.add(step)
                waiting.append(iter(sorted(edges[step])))


def told(circle: tuple[str, ...]) -> str:
    """`a → b → c → a`."""
    return " → ".join((*circle, circle[0]))
