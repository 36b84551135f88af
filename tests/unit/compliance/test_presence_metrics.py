"""Certificates' and security.txt's ends as series: the earliest an endpoint and family; what was not seen has none."""

from __future__ import annotations

from samdrift.compliance.presence_metrics import METRICS, samples
from samdrift.operations.registered_checks import registered_checks
from tests.cases.presence_given import presence_in_hand
from tests.cases.zone_given import AT

WEB = {"dns": {"krokom.example": {"A": ["192.0.2.80"], "AAAA": ["2001:db8::80"]}}}


def found(check: str, **given):
    return registered_checks()[check].judge(presence_in_hand(given), AT)


def test_each_endpoint_and_family_has_the_end_of_its_certificate():
    web = {"krokom.example 443 192.0.2.80": {}, "krokom.example 443 2001:db8::80": {}}
    told = samples(found("tls-certificate-expiry", **WEB, web=web))
    assert {(one.labels["endpoint"], one.labels["family"], one.labels["member"]) for one in told} == {("krokom.example:443", "ipv4", "shared"), ("krokom.example:443", "ipv6", "shared")}
    assert {one.value for one in told} == {int(AT.timestamp()) + 80 * 86_400}


def test_a_certificate_that_has_ended_still_has_its_series():
    web = {"krokom.example 443 192.0.2.80": {"certificate": {"from": "-91 d", "until": "-1 d"}}}
    assert [one.value for one in samples(found("tls-certificate-expiry", **WEB, web=web))] == [int(AT.timestamp()) - 86_400]


def test_what_could_not_be_met_has_no_series():
    web = {"krokom.example 443 192.0.2.80": {"closed": "timeout"}}
    assert samples(found("tls-certificate-expiry", **WEB, web=web, vantage=[])) == ()


def test_security_txt_has_its_end():
    web = {"krokom.example 443 192.0.2.80": {"security_txt": "Contact: mailto:it@krokom.example\nExpires: 2026-12-01T00:00:00Z\n"}}
    (one,) = samples(found("tls-security-txt", **WEB, web=web))
    assert (one.labels["zone"], one.value) == ("krokom.example", 1_796_083_200)


def test_every_series_is_declared():
    assert {one.name for one in METRICS} == {"samdrift_certificate_expiry_timestamp_seconds", "samdrift_security_txt_expiry_timestamp_seconds"}
