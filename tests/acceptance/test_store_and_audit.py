"""The store and its record of changes by the command line: what an operator and a member get."""

import json
import os

import pytest

from samdrift.store import audit, open_store
from samdrift.store.keys import read as read_key
from samdrift.store.location import DATABASE
from samdrift.store.schema import VERSION
from tests.unit.store.conftest import AT


@pytest.fixture
def chained(call, tmp_path):
    """A store with a chain: two entries of Åre, one of Berg."""
    with open_store(os.environ["SAMDRIFT_STORE"]) as store, store.write() as connection:
        for members, after in ((["are"], "are-1"), (["berg"], "berg-1"), (["are"], "are-2")):
            audit.append(connection, at=AT, actor="drift", verb="close", object="month:2026-10", members=members, after=after)
    return store


def change(store, statement):
    with open_store(store.state_dir) as again, again.write() as connection:
        connection.exec_driver_sql(statement)
    read_key.cache_clear()


def test_a_store_is_made_on_purpose_and_once(call, tmp_path):
    folder = str(tmp_path / "fresh")
    refused = call("store", "status", "--store", folder)
    assert (refused.code, refused.out) == (2, b"")
    assert "samdrift store migrate" in refused.err
    dry = call("store", "migrate", "--dry-run", "--store", folder, "--output", "json")
    assert (dry.code, dry.json()["items"][0]["action"]) == (0, "make")
    assert not os.path.exists(folder)
    assert call("store", "migrate", "--store", folder, "--output", "json").json()["items"] == [{"from_version": None, "to_version": VERSION, "action": "make", "done": True}]
    assert call("store", "migrate", "--store", folder, "--output", "json").json()["items"][0]["action"] == "none"
    assert call("store", "status", "--store", folder).code == 0


def test_status_says_damage_and_ends_with_1(call):
    database = os.path.join(os.environ["SAMDRIFT_STORE"], DATABASE)
    assert call("store", "status", "--output", "json").json()["items"][0]["integrity"] == "ok"
    with open(database, "r+b") as opened:
        for page in range(20, 40):
            opened.seek(4096 * page)
            opened.write(b"\xa5" * 64)
    said = call("store", "status", "--output", "json")
    assert said.code in {1, 3}
    assert "Traceback" not in said.err


def test_a_whole_chain_is_0_a_broken_one_1_and_a_missing_key_3(call, chained):
    assert call("audit", "verify").code == 0
    change(chained, "UPDATE audit_entry SET actor = 'other' WHERE seq = 2")
    broken = call("audit", "verify", "--output", "json")
    assert broken.code == 1
    assert {key: broken.json()["items"][0][key] for key in ("whole", "first_bad", "damage")} == {"whole": False, "first_bad": 2, "damage": "altered"}
    assert "post 2" in call("audit", "verify").err
    (chained.state_dir / "keys" / "audit-1").unlink()
    read_key.cache_clear()
    missing = call("audit", "verify")
    assert (missing.code, missing.out) == (3, b"")
    assert str(chained.state_dir / "keys" / "audit-1") in missing.err


def test_a_member_verifies_its_export_without_store_or_key(call, chained, tmp_path):
    exported = call("audit", "export", "--member", "are", "--output", "json")
    assert call("audit", "export", "--as", "are", "--output", "json").json()["items"] == exported.json()["items"]
    assert b"berg-1" not in exported.out
    assert b"are-2" in exported.out
    file = tmp_path / "are.json"
    file.write_bytes(exported.out)
    away = ("--store", str(tmp_path / "nowhere"))
    assert call("audit", "verify", "--file", str(file), *away).code == 0
    for place, key, value in ((0, "after", "other"), (1, "digest", "0" * 64), (2, "at", "2026-11-23T01:15:01Z"), (2, "taken_out", ["verb"])):
        document = json.loads(exported.out)
        document["items"][place][key] = value
        file.write_text(json.dumps(document))
        said = call("audit", "verify", "--file", str(file), "--output", "json", *away)
        wanted = (0, True) if key == "taken_out" else (1, False)
        assert (said.code, said.json()["items"][0]["whole"]) == wanted, (place, key)


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"schema": "samdrift/audit-entry", "items": [{}]}', '{"schema": "samdrift/audit-entry"}', '{"schema": "samdrift/audit-entry", "items": [3]}', "[" * 100_000])
def test_what_is_no_export_is_refused_in_one_line(call, tmp_path, content):
    file = tmp_path / "x.json"
    file.write_text(content)
    said = call("audit", "verify", "--file", str(file))
    assert said.code == 2
    assert said.err.startswith(f"error: {file} is no export of the audit chain")


def test_a_store_is_carried_to_an_empty_place_and_only_there(call, chained, tmp_path):
    file, empty = str(tmp_path / "store.backup"), str(tmp_path / "empty")
    made = call("store", "backup", file, "--output", "json", "--at", "2026-11-24T08:00:00Z")
    assert (made.code, made.json()["items"][0]["state"]) == (0, "made")
    assert call("store", "restore", file, "--check").code == 0
    refused = call("store", "restore", file, "--store", empty)
    assert (refused.code, os.path.exists(empty)) == (2, False), "nobody can be asked, so --yes is wanted"
    assert call("store", "restore", file, "--store", empty, "--yes", "--output", "json").json()["items"][0]["state"] == "restored"
    assert call("audit", "verify", "--store", empty, "--output", "csv").out == call("audit", "verify", "--output", "csv").out
    assert call("store", "restore", file, "--store", empty, "--yes").code == 1
    assert call("store", "backup", file, "--as", "are").code == 2
    with open(file, "r+b") as opened:
        opened.seek(1000)
        opened.write(b"\xff")
    assert call("store", "restore", file, "--check").code == 2
    assert call("store", "restore", str(tmp_path / "missing"), "--check").code == 2
