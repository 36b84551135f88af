"""Question sets: what a check may want asked of a zone beside its SOA, NS and DNSKEY, one set a file; only what the selected checks name is put."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from functools import cache

from samdrift.adapters.dns_look import QuestionSet
from samdrift.model.registry import scan


@cache
def question_sets() -> Mapping[str, QuestionSet]:
    """Set id → set, sorted by file; a file that does not import stops the program."""
    return scan(sys.modules[__name__], "SET", QuestionSet)


def sets_for(needs: Iterable[str]) -> tuple[QuestionSet, ...]:
    """The sets that some checks' needs name; needs that are no set (the hand's kind) are passed over."""
    wanted = frozenset(needs)
    return tuple(one for name, one in question_sets().items() if name in wanted)
