"""Evidence of an endpoint's look: how each address answered, kept so that parity can be judged again (dns.md D9)."""

from __future__ import annotations

import json
from datetime import timedelta

from samdrift.model.dns.evidence import evidence_id
from samdrift.model.endpoint_observation import EndpointObservation, Touch
from samdrift.model.finding import Evidence, Reason
from samdrift.model.period import EPOCH, microseconds

ENDPOINT = "endpoint-observation"


def to_evidence(seen: EndpointObservation, service: str, endpoint: str) -> Evidence:
    """The observation as one piece; `about` says whose endpoint it is."""
    told = {
        "host": seen.host, "port": seen.port, "protocol": seen.protocol, "started_us": microseconds(seen.started_at), "stopped": seen.stopped,
        "unknown": dict(seen.unknown), "last_answer_us": {family: microseconds(at) for family, at in seen.last_answer.items()},
        "touches": [[one.address, microseconds(one.at), one.closed, one.connect_us, one.certificate, one.health, one.health_error] for one in seen.touches],
    }  # fmt: skip
    content = json.dumps(told, separators=(",", ":"), sort_keys=True).encode()
    return Evidence(evidence_id(content), ENDPOINT, content, seen.started_at, {"service": service, "endpoint": endpoint, "host": seen.host})


def from_evidence(piece: Evidence) -> EndpointObservation:
    """What `to_evidence` kept; ValueError when the content is none."""
    told = json.loads(piece.content)

    def reason(text: str | None) -> Reason | None:
        return None if text is None else Reason(text)

    touches = tuple(
        Touch(address, EPOCH + timedelta(microseconds=at), reason(closed), took, certificate, health, reason(failed))
        for address, at, closed, took, certificate, health, failed in told["touches"]
    )
    return EndpointObservation(
        told["host"], told["port"], told["protocol"], EPOCH + timedelta(microseconds=told["started_us"]), touches,
        {family: Reason(why) for family, why in told["unknown"].items()},
        {family: EPOCH + timedelta(microseconds=at) for family, at in told["last_answer_us"].items()}, reason(told["stopped"]),
    )  # fmt: skip
