"""Lessons of delegation."""

from __future__ import annotations

from collections.abc import Mapping

from samdrift.compliance.lessons.lesson import Lesson

DELEGATION: Mapping[str, Lesson] = {
    "delegation-exists": Lesson(
        "If no parent points to the zone, or no server answers for it, every name below it is gone for all who do not have it in a cache.",
        "Each server of the parent is asked which servers the zone has; each of these is asked for SOA, and one must answer with authority (AA).",
        "krokom.example. IN NS ns1.krokom.example.   (at the parent, through the registrar)",
    ),
    "delegation-ns-count": Lesson(
        "One name server is one machine that can fail; two names on one address fail together. Many networks still have IPv4 alone.",
        "NS names and their addresses are counted in the parent's referral and in the zone's own answer, each on its own.",
        "krokom.example. IN NS ns2.jamtnet.example.",
    ),
    "delegation-authoritative": Lesson(
        "A server that is delegated to but does not serve the zone (lame) makes every second question slow or lost, and hides that only one server is left.",
        "Each address of each name server is asked for SOA over UDP; the answer must be NOERROR, have AA and hold the SOA.",
        "knotc zone-reload krokom.example   (load the zone at the server, or remove the server from NS at zone and parent)",
    ),
    "delegation-ns-name": Lesson(
        "A name server whose name is an alias, or does not resolve, is no server for resolvers that follow RFC 2181.",
        "Each NS name is looked up for A and AAAA from the root; a CNAME on the way is told.",
        "ns1.krokom.example. IN A 192.0.2.53   (in place of: ns1 IN CNAME host7)",
    ),
    "delegation-ns-set": Lesson(
        "When parent, zone and servers disagree on who serves the zone, some resolvers ask servers that were taken out of use; nobody notices until the last right one fails.",
        "The NS set of the parent's referral, of the zone, and of each server is compared, name by name.",
        "Order the same NS set at the registrar as stands in the zone.",
    ),
    "delegation-glue": Lesson(
        "Glue with an old address sends resolvers to a machine that is somebody else's now: at best silence, at worst somebody else's answers.",
        "The addresses in the parent's referral are compared with what the zone itself says of its servers' names.",
        "ns1.krokom.example. IN A 192.0.2.53   (the same at the registrar as in the zone)",
    ),
    "delegation-ns-address": Lesson(
        "A private or documentation address in the public tree cannot be reached by anybody outside.",
        "Each server address is looked up in IANA's special-purpose registries; the view says whether private addresses are well there. PTR is asked for and compared.",
        "53.2.0.192.in-addr.arpa. IN PTR ns1.krokom.example.",
    ),
    "delegation-diversity": Lesson(
        "Servers in one network or hall fail together, by one cut fibre or one fire.",
        "Prefixes, autonomous systems and sites of the servers are counted for each family; the size of the referral is counted too.",
        "krokom.example. IN NS ns2.jamtnet.example.   (a server in another hall and network)",
    ),
}
