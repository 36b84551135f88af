"""Patterns: regular expressions from data, held to those whose time is bounded (I11)."""

from __future__ import annotations

import re
from re import _constants, _parser  # type: ignore[attr-defined]
from typing import Any

LONGEST = 500
"""Signs of a value that a pattern is tried on."""
_UNBOUNDED_AT_MOST = 2
"""Each unbounded repetition multiplies the time by the length of the value: 500² steps take a few ms."""
_MANY = 100
_REPEATS = {_constants.MAX_REPEAT, _constants.MIN_REPEAT, _constants.POSSESSIVE_REPEAT}


def compiled(pattern: str) -> re.Pattern[str]:
    """The pattern; ValueError says why it cannot be used: broken, or able to take over 50 ms on one value.

    >>> compiled("debian-1[23]").fullmatch("debian-12") is not None
    True
    >>> compiled("(a+)+b")
    Traceback (most recent call last):
    ValueError: the pattern repeats a repetition, which may take over 50 ms on one value
    """
    if len(pattern) > LONGEST:
        raise ValueError(f"the pattern is over {LONGEST} signs long")
    try:
        tree = _parser.parse(pattern)
        counted = _repetitions(tree, inside=False)
        ready = re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(f"the pattern cannot be read: {error}") from None
    if counted > _UNBOUNDED_AT_MOST:
        raise ValueError(f"the pattern has {counted} unbounded repetitions, which may take over 50 ms on one value")
    return ready


def _repetitions(tree: Any, *, inside: bool) -> int:
    """Unbounded repetitions; ValueError for one inside another, and for references to groups."""
    found = 0
    for kind, what in tree:
        if kind in _REPEATS:
            many = what[1] == _constants.MAXREPEAT or what[1] > _MANY
            if inside and what[1] > 1:
                raise ValueError("the pattern repeats a repetition, which may take over 50 ms on one value")
            found += many + _repetitions(what[2], inside=inside or what[1] > 1)
        elif kind in {_constants.GROUPREF, _constants.GROUPREF_EXISTS, _constants.ASSERT, _constants.ASSERT_NOT}:
            raise ValueError("the pattern looks ahead, behind or back, which may take over 50 ms on one value")
        elif kind is _constants.BRANCH:
            if inside:
                raise ValueError("the pattern repeats a choice, which may take over 50 ms on one value")
            found += sum(_repetitions(branch, inside=inside) for branch in what[1])
        elif kind is _constants.SUBPATTERN:
            found += _repetitions(what[-1], inside=inside)
        elif kind is _constants.ATOMIC_GROUP:
            found += _repetitions(what, inside=inside)
    return found
