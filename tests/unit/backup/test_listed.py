"""Level 1: listed at both sites now, young enough, and on a look at the copy that is not too old."""

from datetime import timedelta

import pytest

from samdrift.backup.listed import judge_listed
from tests.unit.backup.test_freshness import AT, H, snapshot

NEWEST = snapshot("are", 2)
BOTH = {"hall": {NEWEST.origin}, "are": {NEWEST.origin}}


@pytest.mark.parametrize(
    ("listed", "looked", "rpo", "wanted"),
    [
        (BOTH, {"are": AT - H}, 7200, ()),
        (BOTH, {"are": AT - 26 * H}, None, ()),
        (BOTH, {"are": AT - 26 * H - timedelta(seconds=1)}, 7200, ("the last look at are is 93601 s old, at most 93600 s hold",)),
        (BOTH, {"are": None}, 7200, ("are has never been looked at, or was not reached",)),
        (BOTH, {"are": AT}, 7199, ("it is 7200 s old, the objective is 7199 s",)),
        ({"hall": {"other"}, "are": {NEWEST.origin}}, {"are": AT}, None, ("hall does not list it",)),
        ({"hall": set(), "are": set()}, {"are": None}, 1, ("hall does not list it", "are does not list it", "it is 7200 s old, the objective is 1 s", "are has never been looked at, or was not reached")),
    ],
)  # fmt: skip
def test_every_reason_is_told(listed, looked, rpo, wanted):
    assert judge_listed(NEWEST, listed, looked, rpo, AT) == wanted
