"""Lessons of IPv6."""

from __future__ import annotations

from collections.abc import Mapping

from samdrift.compliance.lessons.lesson import Lesson

IPV6: Mapping[str, Lesson] = {
    "ipv6-ns-count": Lesson(
        "Resolvers with IPv6 alone, or whose IPv4 is behind a loaded translator, reach a zone only through name servers with AAAA.",
        "Name servers with AAAA are counted at the parent and in the zone; v4-mapped addresses do not count.",
        "ns2.jamtnet.example. IN AAAA 2001:db8:53::2   (and glue at the parent)",
    ),
    "ipv6-ns-reachable": Lesson(
        "An AAAA that does not answer is worse than none: each resolver waits for it before it tries IPv4.",
        "Each IPv6 address of each name server is asked over UDP and TCP, and for AAAA; without IPv6 of our own it stays undetermined.",
        "listen: 2001:db8:53::2@53   (Knot), and let UDP and TCP 53 through the firewall",
    ),
    "ipv6-web": Lesson(
        "Whoever has IPv6 tries it first. When it leads to a closed port or another site, the page is slow or wrong for them, and nobody with IPv4 alone sees it.",
        "Where a web name has A it must have AAAA; ports 80 and 443 are tried over both families and the answers compared.",
        "www.krokom.example. IN AAAA 2001:db8:80::1",
    ),
    "ipv6-mx": Lesson(
        "Mail from senders with IPv6 alone is delayed or lost when no mail server answers on it.",
        "Each MX name must have AAAA and take TCP connections to port 25 on each of these addresses.",
        "mx1.krokom.example. IN AAAA 2001:db8:25::1",
    ),
    "ipv6-service-parity": Lesson(
        "A service that works over IPv4 alone is a service that will stop for some users first; the joint IPv6 work covers every endpoint, not only the web.",
        "Each endpoint of the inventory's services is tried over IPv4 and IPv6: address, port, health and certificate.",
        "bibliotek.krokom.example. IN AAAA 2001:db8:81::1",
    ),
}
