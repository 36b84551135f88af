"""Who co-operates with whom about what: both matrices from the same services, and a member alone is said to be so."""

from samdrift.compliance.cooperation import Cooperation, cooperation_sections, joint
from samdrift.model.nouns.service import Service
from samdrift.model.text import Text
from tests.unit.costs.reports_made import MEMBERS


def service(name, state="active"):
    return Service.model_validate({"id": name, "name": name.upper(), "operator": "joint", "used_by": ("all",), "state": state})


FOUND = [
    Cooperation(service("bookit"), ("krokom", "ostersund"), "ostersund"),
    Cooperation(service("asynja"), ("are", "krokom", "ostersund"), "joint"),
    Cooperation(service("own"), ("are",), "are"),
    Cooperation(service("old", "retired"), ("are", "krokom"), "are"),
]


def test_only_what_several_share_and_still_have_counts():
    assert [each.service.id for each in joint(FOUND)] == ["asynja", "bookit"]


def test_each_pair_has_its_number_and_the_matrix_is_even():
    pairs, *_ = cooperation_sections(FOUND, MEMBERS, Text("sv"))
    table = pairs.tables[0]
    order = [column.key for column in table.columns[1:]]
    cells = {(row[0].id, other): cell for row in table.rows for other, cell in zip(order, row[1:], strict=True)}
    assert cells["krokom", "ostersund"] == cells["ostersund", "krokom"] == 2
    assert cells["are", "krokom"] == 1
    assert cells["are", "are"] == ""
    assert pairs.missing == ("ingen gemensam tjänst: Region Jämtland Härjedalen",)


def test_each_service_says_who_runs_and_who_uses_it():
    *_, roles = cooperation_sections(FOUND, MEMBERS, Text("en"))
    rows = {row[0]: dict(zip([column.key for column in roles.tables[0].columns], row, strict=True)) for row in roles.tables[0].rows}
    assert rows["bookit"]["ostersund"].text == "runs"
    assert rows["bookit"]["krokom"].text == "uses"
    assert rows["bookit"]["are"] == ""
    assert [cell.text for key, cell in rows["asynja"].items() if key != "service" and cell] == ["uses"] * 3
