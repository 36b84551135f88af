"""Lessons of name servers."""

from __future__ import annotations

from collections.abc import Mapping

from samdrift.compliance.lessons.lesson import Lesson

DNS: Mapping[str, Lesson] = {
    "dns-udp": Lesson(
        "Nearly all questions come over UDP; a server that does not answer makes each of them wait.",
        "SOA and NS are asked of each address over UDP: an answer, NOERROR, with authority, with the right records.",
        "systemctl status knot   (does it listen there; does a firewall drop UDP 53?)",
    ),
    "dns-tcp": Lesson(
        "Large answers, DNSSEC above all, come over TCP (RFC 7766). A firewall that stops TCP 53 breaks names that grew.",
        "SOA and NS are asked of each address over TCP.",
        "nft add rule inet filter input tcp dport 53 accept",
    ),
    "dns-recursion": Lesson(
        "An open resolver is used to flood others, and its cache can be poisoned.",
        "Each address is asked, with RD, for a name that is not its own.",
        "recursion no;   (BIND)",
    ),
    "dns-transfer": Lesson(
        "A transfer open to all shows every host; one closed to the secondaries stops the zone from spreading.",
        "AXFR is tried of each address; the view says from where it must work.",
        "acl: [secondaries]   (Knot zone), allow-transfer { secondaries; };   (BIND)",
    ),
    "dns-edns": Lesson(
        "Servers and boxes that break on EDNS make resolvers fall back, slow down, or lose DNSSEC.",
        "EDNS 0, version 1, an unknown option and an unknown flag are sent to each address.",
        "Replace the software, or the box in front of it, that drops what it does not know.",
    ),
    "dns-serial": Lesson(
        "Servers with different serials give different answers: a change is there for some and not for others.",
        "The SOA serial of each address is compared, by serial arithmetic, with the history of when each was first seen.",
        "knotc zone-retransfer krokom.example   (at the one that is behind)",
    ),
    "dns-secondary-lag": Lesson(
        "A secondary that no longer gets the zone lives on what it has until expire, then answers SERVFAIL: a fault that ripens for weeks.",
        "How long each address has had an older serial than the newest seen, against refresh, retry and expire.",
        "knotc zone-retransfer krokom.example  ·  rndc retransfer krokom.example",
    ),
    "dns-soa": Lesson(
        "The SOA's timers decide how fast secondaries follow and how long they survive without the primary.",
        "SOA is read at each server; refresh, retry, expire and minimum are compared with RFC 1912 and each other.",
        "@ IN SOA ns1 hostmaster 2026112401 14400 3600 1209600 3600",
    ),
    "dns-names": Lesson(
        "Names with signs that host names may not have are refused by mail servers, browsers and certificate authorities.",
        "The names of the zone, its servers, SOA and mail servers are read letter by letter (RFC 952, 1123, 5890).",
        "hostmaster.krokom.example.   (RNAME: the first dot stands for the at sign)",
    ),
}
