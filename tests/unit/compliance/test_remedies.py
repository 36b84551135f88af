"""Remedies give the exact line of the zone file, with the zone's own values (dns.md D12)."""

from __future__ import annotations

from samdrift.compliance.checks.dns.dns_names import CHECK
from tests.cases.zone_given import AT, zone_in_hand


def test_a_contact_that_is_no_mailbox_is_mended_by_a_whole_soa_line():
    hand = zone_in_hand({"ns": {"ns1.krokom.example": ["192.0.2.1"]}, "soa": {"rname": "krokom"}})
    (found,) = (one for one in CHECK.judge(hand, AT) if one.code == "rname-invalid")
    soa = hand.soa
    assert found.remedy.record == f"krokom.example. IN SOA ns1.krokom.example. hostmaster.krokom.example. {soa.serial + 1} {soa.refresh} {soa.retry} {soa.expire} {soa.minimum}"
