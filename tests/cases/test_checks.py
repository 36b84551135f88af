"""Every case of tests/cases/checks on zones, endpoints and contracts: the judgement is what the case expects, and nothing else."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
import yaml

from samdrift.compliance.contract import ContractInHand
from samdrift.compliance.endpoint import EndpointInHand
from samdrift.model.endpoint_observation import EndpointObservation, Touch
from samdrift.model.finding import Reason
from samdrift.model.finding_words import told
from samdrift.model.nouns.contract import Contract
from samdrift.operations.registered_checks import registered_checks
from tests.cases.presence_given import presence_in_hand
from tests.cases.zone_given import AT, span, zone_in_hand

FOLDER = Path(__file__).parent / "checks"


def endpoint_in_hand(given: dict) -> EndpointInHand:
    touches = tuple(
        Touch(address, AT, Reason(spec["closed"]) if "closed" in spec else None, 900, spec.get("certificate", "aa" * 32), spec.get("health", 200))
        for address, spec in given.get("touches", {}).items()
    )  # fmt: skip
    unknown = {family: Reason(why) for family, why in given.get("unknown", {}).items()}
    vantage = {family: AT + span("1 min") for family in given.get("vantage", ["ipv4", "ipv6"])}
    seen = EndpointObservation("www.krokom.example", 443, "https", AT, touches, unknown, vantage, Reason(given["stopped"]) if "stopped" in given else None)
    return EndpointInHand("webb-krokom", "webb", seen, "krokom", (), "krokom.example", "/")


def contract_in_hand(given: dict) -> ContractInHand:
    row = {"id": "bookit-licens", "name": "BookIT", "kind": "purchase", "supplier": "Supplier of BookIT", "members": ("krokom",), "from": "2021-07-01", **given}
    return ContractInHand(Contract.model_validate(row | {"members": tuple(row["members"])}))


HANDS = {"zone": zone_in_hand, "presence": presence_in_hand, "endpoint": endpoint_in_hand, "contract": contract_in_hand}
CASES = [(path.stem, case["name"], case) for path in sorted(FOLDER.glob("*.yml")) if registered_checks()[path.stem].needs[0] in HANDS for case in yaml.safe_load(path.read_text(encoding="utf-8"))]


@pytest.mark.parametrize(("check_id", "name", "case"), CASES, ids=[f"{check}: {name}" for check, name, _ in CASES])
def test_the_case_is_judged_as_it_says(check_id, name, case):
    check = registered_checks()[check_id]
    at = datetime.fromisoformat(case["at"]).astimezone(UTC) if "at" in case else AT
    found = check.judge(HANDS[check.needs[0]](case.get("given") or {}), at)
    wanted = [tuple(sorted({key: str(value) for key, value in one.items()}.items())) for one in case["expect"]]
    keys = {key for one in case["expect"] for key in one}
    seen = [tuple(sorted((key, str(getattr(one.subject, "part", None) if key == "part" else getattr(one, key))) for key in keys if key in expected_keys(case, one))) for one in found]
    english = [one.message for one in found if one.code != "ok" and told(one.message) is None]
    assert not english, f"not told in Swedish (samdrift/model/text/detail_*.py): {english}"
    assert sorted(seen) == sorted(wanted), f"{name}: found {[(str(one.subject), one.code, str(one.status), one.reason, one.message) for one in found]}"


def expected_keys(case: dict, finding) -> set[str]:
    """The keys that the case asks of findings with this code."""
    return next((set(one) for one in case["expect"] if one.get("code") == finding.code), {"code", "status"})


def test_every_failure_and_warning_says_what_to_do():
    silent = []
    for check_id, name, case in CASES:
        check = registered_checks()[check_id]
        at = datetime.fromisoformat(case["at"]).astimezone(UTC) if "at" in case else AT
        found = check.judge(HANDS[check.needs[0]](case.get("given") or {}), at)
        silent += [f"{check_id}/{one.code}: {name}" for one in found if one.status in {"failure", "warning"} and one.remedy is None]
    assert not silent, "\n".join(silent)
