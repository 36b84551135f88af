"""A service back on another host by playbook: bookit, backed up on its host, comes to the other hall's library host, the plan first."""

from __future__ import annotations

import os

import pytest

from samdrift.model.viewer import OPERATIONS
from samdrift.operations.open_store import open_store
from samdrift.store import audit
from tests.lab.labkit.testing import TestLab
from tests.lab.test_backup_playbook import HOST, MEMBERS, make_joint

pytestmark = [pytest.mark.level("full"), pytest.mark.slow]
OTHER, TO = "ost-lib-2", "/srv/back"
PRINT = "cd {} && {{ find . -printf '%y %m %U %G %p %l\\n' | LC_ALL=C sort; find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum; }} | cat -v"


@pytest.fixture(scope="module")
def restored(tmp_path_factory):
    """Six hosts, as the fourth of the walk's is nobody's second one; bookit backed up."""
    lab = TestLab(f"restore-{os.getpid()}")
    lab.down()
    lab.up("--hosts", "6")
    try:
        joint = make_joint(lab, tmp_path_factory.mktemp("restore"))
        lab.host(HOST, "chown", "-R", "4321:8765", "/srv/bookit/lan")
        joint.samdrift("enrol", "ostersund", "--device", HOST, code=1)
        joint.back_up()
        yield joint
    finally:
        lab.down()


def restore(joint, *more, host=OTHER, to=TO, members=MEMBERS, code=0):
    named = [("samdrift_members", members), ("restore_backup", "bookit"), ("restore_host", host), ("restore_to", to)]
    return joint.play("restore-service.yml", *(word for name, value in named for word in ("-e", f"{name}={value}")), *more, code=code)


def there(joint):
    return joint.lab.host(OTHER, "find", "/srv", "/usr/local", "/var/lib/samdrift-backup", "-printf", "%p %T@\n", check=False).stdout


def test_the_plan_alone_changes_nothing_and_says_what_would_come(restored):
    before = there(restored)
    said = restore(restored, to="/srv/planned")
    assert "11 files" in said
    assert f"to {OTHER}:/srv/planned" in said
    assert "Nothing is changed; add -e confirm=yes" in said
    assert "changed=0" in said
    restore(restored, "-e", "confirm=yes", "--check", "--diff", to="/srv/planned")
    assert there(restored) == before


def test_it_comes_back_equal_with_its_owners_and_a_second_run_changes_nothing(restored):
    restore(restored, "-e", "confirm=yes", "-vvv", "--diff")
    source = restored.lab.host(HOST, "sh", "-c", PRINT.format("/srv/bookit")).stdout
    assert "4321 8765" in source
    assert restored.lab.host(OTHER, "sh", "-c", PRINT.format(f"{TO}/srv/bookit")).stdout == source
    assert "changed=1" not in restore(restored, "-e", "confirm=yes")
    with open_store(restored.state) as store, store.read() as connection:
        written = [entry.plain for entry in audit.entries(connection, viewer=OPERATIONS)]
    assert [entry["verb"] for entry in written if (entry.get("after") or {}).get("to") == TO] == ["restore", "restored", "restore"]


def test_what_is_not_so_in_the_folder_is_never_written_over(restored):
    restored.lab.host(OTHER, "sh", "-c", "mkdir -p /srv/full; echo ours > /srv/full/file")
    said = restore(restored, "-e", "confirm=yes", to="/srv/full", code=2)
    assert "is not empty and holds something else" in said
    assert restored.lab.host(OTHER, "sh", "-c", "ls -A /srv/full; cat /srv/full/file").stdout == "file\nours\n"


def test_a_host_of_others_or_members_not_named_are_refused_before_anything(restored):
    assert "all members whom the host serves" in restore(restored, "-e", "confirm=yes", members="krokom", code=2)
    assert "whose data backup bookit is not" in restore(restored, "-e", "confirm=yes", host="are-srv-1", members="are,region-jh,ostersund,krokom", code=2)
    restored.play("restore-service.yml", "-e", "restore_backup=bookit", code=4)
