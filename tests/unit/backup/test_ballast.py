"""Ballast is made only where as much again stays free, and is nothing when it is there."""

import pytest

from samdrift.backup.ballast import Ballast, ballast_item, next_act


@pytest.mark.parametrize(
    ("wanted", "held", "free", "release", "act", "status"),
    [
        (10, 0, 20, False, "make", "ok"),
        (10, 0, 19, False, "no-room", "failure"),
        (10, 10, 0, False, "nothing", "ok"),
        (10, 4, 20, False, "make", "ok"),
        (10, 4, 19, False, "no-room", "failure"),
        (10, 20, 20, False, "make", "ok"),
        (10, 10, 0, True, "free", "ok"),
        (10, 3, 0, True, "free", "ok"),
        (10, 0, 0, True, "nothing", "ok"),
        (0, 0, 5, False, "nothing", "ok"),
        (0, 3, 5, False, "free", "ok"),
    ],
)
def test_what_is_done(wanted, held, free, release, act, status):
    ballast = Ballast("hall", "hall-ostersund", wanted, held, free)
    assert next_act(ballast, release=release) == act
    item = ballast_item(ballast, act, done=True)
    assert (item["status"], item["done"]) == (status, act in {"make", "free"})
    assert ballast_item(ballast, act, done=False)["done"] is False
