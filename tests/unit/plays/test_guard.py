"""The member-span guard by data alone."""

import re

import pytest

from samdrift.plays.guard import PlayFacts, Span, host_pattern, refusals
from samdrift.plays.head import read_head

KNOWN = {"are", "berg", "krokom", "ostersund", "region-jh"}
SHARED = [PlayFacts("Patch", {"ost-lib-1": frozenset({"ostersund", "krokom"}), "are-srv-1": frozenset({"are"})})]
OWN = [PlayFacts("Patch", {"are-srv-1": frozenset({"are"})})]


def test_nobody_named_is_refused():
    assert "samdrift_members is not set" in refusals(Span(None, None), OWN, KNOWN)[0]
    assert refusals(Span(" , ", None), OWN, KNOWN)


def test_an_unknown_member_is_refused_with_the_nearest():
    assert refusals(Span("ar", None), [], KNOWN) == ("unknown member 'ar'; did you mean 'are'?",)


def test_a_shared_host_needs_every_member_it_serves():
    (reason,) = refusals(Span("are,ostersund", None), SHARED, KNOWN)
    assert "ost-lib-1" in reason
    assert "krokom" in reason
    assert refusals(Span("are,ostersund,krokom", None), SHARED, KNOWN) == ()


def test_all_needs_a_change_id():
    assert "change id" in refusals(Span("all", None), SHARED, KNOWN)[0]
    assert refusals(Span("all", "CHG-17"), SHARED, KNOWN) == ()


@pytest.mark.parametrize(
    ("members", "taken"),
    [
        ("krokom,ostersund", {"owners_krokom", "owners_krokom_ostersund"}),
        ("region-jh", {"owners_region_jh"}),
        ("are", set()),
    ],
)
def test_the_pattern_takes_owner_sets_wholly_within_the_named_members(members, taken):
    groups = {"owners_krokom", "owners_krokom_ostersund", "owners_are_krokom", "owners_region_jh", "owners_ares"}
    pattern = re.compile(host_pattern(members).removeprefix("~"))
    assert {group for group in groups if pattern.match(group)} == taken


@pytest.mark.parametrize("text", ["", "are;rm", "are:!berg", "~.*", "a b", "../x"])
def test_text_that_is_no_list_of_ids_never_becomes_a_pattern(text):
    with pytest.raises(ValueError, match="no list of member ids"):
        host_pattern(text)


def test_a_head_is_read_and_what_lacks_is_named():
    text = "# Purpose: x\n#   and y\n# Risk: low\n# Way back: run again\n# Hosts: all\n# Needs a window: no\n# Needs two persons: yes, always\n- name: x\n"
    head = read_head("x", text)
    assert (head.purpose, head.needs_window, head.needs_two) == ("x and y", False, True)
    with pytest.raises(ValueError, match="way_back"):
        read_head("x", "# Purpose: x\n")
