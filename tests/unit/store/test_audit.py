"""The chain says of every entry whether it was changed, and a member's export holds nothing of another."""

import json
import threading

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from samdrift.model.chain import field_digests
from samdrift.model.viewer import OPERATIONS, member_viewer
from samdrift.store import audit, head_file, keys
from tests.unit.store.conftest import AT


def add(store, number=1, **fields):
    with store.write() as connection:
        for index in range(number):
            given = {"actor": "drift", "verb": "close", "object": f"month:2026-{index + 1:02d}", "members": ["are"], "after": {"öre": index}} | fields
            audit.append(connection, at=AT, **given)


def verdict(store):
    keys.read.cache_clear()
    with store.read() as connection:
        return audit.verify(connection)


def change(store, statement):
    with store.write() as connection:
        connection.exec_driver_sql(statement)


def test_an_empty_chain_is_whole(store):
    found = verdict(store)
    assert (found.whole, found.entries) == (True, 0)


def test_entries_come_back_and_the_chain_is_whole(store):
    add(store, 3)
    found = verdict(store)
    assert (found.whole, found.entries, found.head_at) == (True, 3, AT)
    with store.read() as connection:
        read = audit.entries(connection, viewer=OPERATIONS)
        assert [each.seq for each in read] == [1, 2, 3]
        assert read[2].plain == {
            "at": "2026-11-23T01:15:00Z", "actor": "drift", "verb": "close", "object": "month:2026-03", "members": ("are",), "before": None,
            "after": {"öre": 2},
        }  # fmt: skip
        assert [each.seq for each in audit.entries(connection, viewer=OPERATIONS, limit=2)] == [2, 3]


def test_what_is_rolled_back_leaves_no_entry(store):
    def fail_after_appending():
        with store.write() as connection:
            audit.append(connection, at=AT, actor="drift", verb="close", object="month:2026-10")
            raise RuntimeError("half way")

    with pytest.raises(RuntimeError, match="half way"):
        fail_after_appending()
    with store.write():
        pass
    assert head_file.recall(store.state_dir) is None
    add(store)
    assert verdict(store).entries == 1
    assert head_file.recall(store.state_dir)[0] == 1


DAMAGE = [
    ("UPDATE audit_entry SET actor = 'other' WHERE seq = 3", 3, "altered"),
    ("UPDATE audit_entry SET at = at + 1 WHERE seq = 3", 3, "altered"),
    ("UPDATE audit_entry SET at = 9223372036854775807 WHERE seq = 3", 3, "altered"),
    ("UPDATE audit_entry SET after = '{\"öre\":9}' WHERE seq = 4", 4, "altered"),
    ("UPDATE audit_entry SET after = '{\"öre' WHERE seq = 4", 4, "altered"),
    ("UPDATE audit_entry SET fields = 'x' WHERE seq = 2", 2, "altered"),
    ("UPDATE audit_entry SET fields = '[]' WHERE seq = 2", 2, "altered"),
    ("UPDATE audit_entry SET digest = 'x' WHERE seq = 2", 2, "altered"),
    ("UPDATE audit_entry SET previous = 'x' WHERE seq = 5", 5, "altered"),
    ("UPDATE audit_entry SET key_id = 'audit-9' WHERE seq = 5", 5, "altered"),
    ("DELETE FROM audit_entry WHERE seq = 3", 3, "missing"),
    ("DELETE FROM audit_entry WHERE seq = 1", 1, "missing"),
    ("DELETE FROM audit_entry WHERE seq >= 4", 4, "cut"),
    ("DELETE FROM audit_entry", 1, "cut"),
]


@pytest.mark.parametrize(("statement", "first_bad", "damage"), DAMAGE)
def test_damage_is_found_and_its_first_entry_named(store, statement, first_bad, damage):
    add(store, 5)
    change(store, statement)
    found = verdict(store)
    assert (found.fault.seq, found.fault.damage) == (first_bad, damage)


def test_swapped_entries_are_found(store):
    add(store, 4)
    for pair in ((2, 99), (3, 2), (99, 3)):
        change(store, f"INSERT INTO audit_entry SELECT {pair[1]}, at, actor, verb, object, members, before, after, fields, previous, digest, key_id FROM audit_entry WHERE seq = {pair[0]}")
        change(store, f"DELETE FROM audit_entry WHERE seq = {pair[0]}")
    assert verdict(store).fault.seq == 2


def test_an_older_store_put_back_is_found_by_the_head_outside(store):
    add(store, 5)
    change(store, "DELETE FROM audit_entry WHERE seq = 5")
    change(store, "UPDATE audit_head SET seq = 4, digest = (SELECT digest FROM audit_entry WHERE seq = 4)")
    found = verdict(store)
    assert (found.fault.seq, found.fault.damage) == (5, "rolled-back")


def test_an_entry_made_without_the_key_is_forged(store):
    add(store, 2)
    key = keys.folder(store.state_dir) / "audit-1"
    right = key.read_text()
    key.write_text("00" * 32)
    keys.read.cache_clear()
    add(store)
    key.write_text(right)
    found = verdict(store)
    assert (found.fault.seq, found.fault.damage) == (3, "forged")


def test_without_its_key_the_chain_cannot_be_judged(store):
    add(store)
    (keys.folder(store.state_dir) / "audit-1").unlink()
    with pytest.raises(keys.KeyMissing) as missing:
        verdict(store)
    assert missing.value.exit_code == 3
    with pytest.raises(keys.KeyMissing):
        add(store)


def test_a_name_taken_out_leaves_the_chain_whole(store):
    add(store, 3, actor="person-at-are")
    with store.write() as connection:
        audit.take_out(connection, [1, 2], "actor")
    assert verdict(store).whole
    with store.read() as connection:
        assert ["actor" in each.plain for each in audit.entries(connection, viewer=OPERATIONS)] == [False, False, True]


def test_a_members_export_proves_its_own_and_hides_the_others(store):
    add(store, members=["are"], after="secret-of-are")
    add(store, members=["berg"], after="secret-of-berg")
    add(store, members=["are", "berg"], after="secret-of-both")
    with store.read() as connection:
        exported = list(audit.chain(connection, viewer=member_viewer("are")))
        assert [each.seq for each in audit.entries(connection, viewer=member_viewer("are"))] == [1, 3]
    assert [salt is not None for _, salt in exported] == [True, False, True]
    shown = json.dumps([[each.plain, dict(each.link.fields), salt] for each, salt in exported])
    assert "secret-of-berg" not in shown
    assert "secret-of-both" in shown
    for entry, salt in exported:
        if salt:
            assert field_digests(entry.plain, salt) == entry.link.fields


def test_writers_at_once_make_one_chain(store):
    def work():
        for _ in range(10):
            add(store)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    found = verdict(store)
    assert (found.whole, found.entries) == (True, 80)


JSON = st.recursive(st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"])), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=5), inner, max_size=3), max_leaves=8)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(before=JSON, after=JSON)
def test_any_json_value_is_chained_and_verifies(store, before, after):
    add(store, before=before, after=after)
    assert verdict(store).whole
