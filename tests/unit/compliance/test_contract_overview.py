"""The overview of contracts groups what ends within a year of one another, and names services without a data-processing agreement."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

from samdrift.compliance.contract_overview import together, without_data_processing
from samdrift.model.nouns.contract import Contract

TODAY = date(2026, 11, 24)
SERVICES = {one: SimpleNamespace(id=one, what="library system", state="active", operator="supplier-a") for one in ("l1", "l2", "l3")}


def contract(name: str, until: str, members: tuple[str, ...], service: str, kind: str = "purchase") -> Contract:
    return Contract.model_validate(
        {"id": name, "name": name, "kind": kind, "supplier": "S", "members": members, "services": (service,), "from": "2020-01-01", "until": until, "notice": "3 months"}
    )  # fmt: skip


def test_contracts_within_twelve_months_are_one_group():
    rows = [contract("a1", "2027-01-01", ("are",), "l1"), contract("b1", "2028-01-01", ("berg",), "l2"), contract("c1", "2028-01-02", ("krokom",), "l3")]
    (group,) = together(rows, SERVICES, TODAY)
    assert (group.contracts, group.members) == (("a1", "b1"), ("are", "berg"))


def test_one_member_s_own_contracts_and_ended_ones_are_no_group():
    rows = [contract("a1", "2027-01-01", ("are",), "l1"), contract("a2", "2027-02-01", ("are",), "l2"), contract("b1", "2026-11-23", ("berg",), "l3")]
    assert together(rows, SERVICES, TODAY) == ()


def test_a_service_that_a_supplier_runs_wants_a_data_processing_agreement_in_force():
    rows = [contract("d1", "2027-01-01", ("are",), "l1", "data-processing"), contract("d2", "2026-11-23", ("are",), "l2", "data-processing"), contract("p3", "2027-01-01", ("are",), "l3")]
    assert [one.id for one in without_data_processing(rows, SERVICES.values(), ["supplier-a"], TODAY)] == ["l2", "l3"]
    assert without_data_processing(rows, SERVICES.values(), ["another"], TODAY) == ()
