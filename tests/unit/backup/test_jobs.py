"""The daily jobs on backups: owners side by side, one failure one result."""

import threading
from types import SimpleNamespace

from samdrift.model.errors import WrongUse
from samdrift.operations.run_backup_jobs import _each


def inventory():
    member = SimpleNamespace(members=("are",), sole="are")
    services = {name: SimpleNamespace(id=name, operator=name) for name in ("are", "berg")}
    backups = {"are-1": SimpleNamespace(service="are"), "are-2": SimpleNamespace(service="are"), "berg-1": SimpleNamespace(service="berg")}
    return SimpleNamespace(members={"are", "berg"}, services=services, backups=backups, ownership=lambda _: member)


def test_a_hanging_repository_delays_no_other_owner():
    """The first owner's waits until the second's is done: one after the other that would never be."""
    other = threading.Event()

    def act(one):
        if one == "berg-1":
            other.set()
        elif not other.wait(30):
            raise WrongUse("nobody else was begun")
        return ()

    done = _each(SimpleNamespace(inventory=inventory()), ["are-1", "are-2", "berg-1"], act)
    assert done.reasons == ()


def test_one_failure_is_one_result():
    def act(one):
        if one == "are-1":
            raise WrongUse("the disk is gone")
        return ()

    done = _each(SimpleNamespace(inventory=inventory()), ["are-1", "are-2", "berg-1"], act)
    assert done.reasons == ("are-1: the disk is gone",)
