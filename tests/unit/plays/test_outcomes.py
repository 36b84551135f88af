"""How a run ended, one line for each host and member."""

from samdrift.plays.outcomes import outcome_lines

WELL = {"ok": 3, "changed": 1, "failed": 0, "unreachable": 0}


def test_each_member_of_each_host_has_its_line_also_where_nothing_began():
    served = {"lib-1": {"krokom", "ostersund"}, "srv-1": {"are"}, "srv-2": {"are"}, "srv-3": {"berg"}}
    counted = {"lib-1": WELL, "srv-1": {**WELL, "failed": 1}, "srv-3": {**WELL, "unreachable": 1, "failed": 1}, "localhost": WELL}
    assert outcome_lines(served, counted) == (
        "-: localhost complete",
        "are: srv-1 failed",
        "are: srv-2 not started",
        "berg: srv-3 unreachable",
        "krokom: lib-1 complete",
        "ostersund: lib-1 complete",
    )
