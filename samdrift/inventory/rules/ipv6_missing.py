"""What serves serves over IPv6 too; managing over one family is allowed."""

from __future__ import annotations

import re
from collections.abc import Iterator

from samdrift.inventory.placed import Loaded
from samdrift.inventory.rule import Rule
from samdrift.model.problem import Problem

_MANAGING = frozenset({"management", "out-of-band", "oob", "ipmi"})
_LITERAL = re.compile(r"https?://[0-9.]+([:/]|$)")


def judge(loaded: Loaded) -> Iterator[Problem]:
    """At the addresses of an active device, or at an endpoint that is named by an IPv4 address."""
    for placed in loaded.living:
        if placed.thing.state != "active" or not placed.whole:
            continue
        serving = {name: found for name, found in placed.thing.addresses.items() if name not in _MANAGING}
        only = [name for name, found in serving.items() if found.ipv4 is not None]
        if only and all(found.ipv6 is None for found in serving.values()):
            message = f"{placed.id} serves over IPv4 only"
            yield placed.problem(
                "ipv6-missing", message, "addresses", only[0], help="add its ipv6 address, or a waiver with a reason"
            )
    for service in loaded.all("services"):
        for index, endpoint in enumerate(service.thing.endpoints):
            if endpoint.url is not None and _LITERAL.match(endpoint.url):
                message = f"the endpoint {endpoint.id} of {service.id} is an IPv4 address"
                yield service.problem(
                    "ipv6-missing", message, "endpoints", index, "url", help="name it, with an AAAA record"
                )


RULE = Rule("ipv6-missing", ("ipv6-missing",), judge)
