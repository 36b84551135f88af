"""The coverage list is true: what is claimed done has a code for each message, all peers' tests stand in it, and nothing refers to a test that is none."""

from __future__ import annotations

import re

from samdrift.compliance.coverage.listing import PEERS, coverage
from samdrift.compliance.coverage.words import DONE, LACKS, NOT_DONE, NOT_YET, SAID_OTHERWISE
from samdrift.operations.registered_checks import registered_checks

ROWS = {row.case.id: row for row in coverage(registered_checks().values())}


def test_every_implemented_test_case_of_zonemaster_stands_in_the_list():
    ids = [case.id for case in PEERS["zonemaster"]]
    assert len(ids) == len(set(ids)) == 73
    assert all(re.fullmatch(r"(ADDRESS|BASIC|CONNECTIVITY|CONSISTENCY|DELEGATION|DNSSEC|NAMESERVER|SYNTAX|ZONE)\d\d", one) for one in ids)


def test_a_case_that_is_done_has_a_code_for_each_of_its_messages():
    broken = [f"{case}: {ROWS[case].state}, no code for {', '.join(ROWS[case].missing) or 'it'}" for case in sorted(DONE) if ROWS[case].state != "done"]
    assert not broken, "\n".join(broken)


def test_what_is_not_done_says_why():
    silent = [case for case, row in ROWS.items() if row.state == "not done" and not row.words]
    assert not silent, "\n".join(silent)


def test_references_of_checks_name_tests_that_are_there():
    known = {f"{peer}:{case.id}" for peer, cases in PEERS.items() for case in cases}
    wrong = [f"{check.id}: {name}" for check in registered_checks().values() for name in check.references if name.partition(":")[0] in PEERS and name not in known]
    assert not wrong, "\n".join(wrong)


def test_words_are_of_tests_and_messages_that_are_there():
    messages = {tag for case in PEERS["zonemaster"] for tag in case.messages}
    gone = [name for name in (*LACKS, *NOT_DONE, *DONE) if name not in ROWS] + [tag for tag in SAID_OTHERWISE if tag not in messages]
    assert not gone, "\n".join(gone)
    assert NOT_YET
