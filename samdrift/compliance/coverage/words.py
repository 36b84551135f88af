"""The words of the coverage list: what is said otherwise here, what a case that is done in part lacks, and why something is not done."""

from __future__ import annotations

from collections.abc import Mapping

UNKNOWN = "undetermined, with the reason"
NOTHING = "not-applicable: there is nothing to judge"
SEEN = "value of the finding that is well"

SAID_OTHERWISE: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "B01_PARENT_NOT_FOUND", "B01_PARENT_UNDETERMINED", "B02_NS_NO_RESPONSE", "DS01_NO_RESPONSE", "DS05_NO_RESPONSE", "DS07_NO_RESPONSE_DNSKEY", "DS11_UNDETERMINED_DS",
            "DS11_UNDETERMINED_SIGNED_ZONE", "NO_RESPONSE_DNSKEY", "NO_RESPONSE_PTR_QUERY", "Z09_NO_RESPONSE_MX_QUERY", "Z11_UNABLE_TO_CHECK_FOR_SPF", "EMPTY_ASN_SET", "ERROR_ASN_DATABASE",
            "CN04_EMPTY_PREFIX_SET", "CN04_ERROR_PREFIX_DATABASE", "CN01_IPV4_DISABLED", "CN01_IPV6_DISABLED", "DS02_ALGO_NOT_SUPPORTED_BY_ZM", "DS08_ALGO_NOT_SUPPORTED_BY_ZM",
            "DS09_ALGO_NOT_SUPPORTED_BY_ZM", "DS10_ALGO_NOT_SUPPORTED_BY_ZM",
        ),
        UNKNOWN,
    ),
    **dict.fromkeys(("DS01_PARENT_ZONE_NO_DS", "DS05_ZONE_NO_DNSSEC", "DS10_ZONE_NO_DNSSEC", "DS03_NO_DNSSEC_SUPPORT", "A01_NO_NAME_SERVERS_FOUND", "B02_NO_DELEGATION"), NOTHING),
    **dict.fromkeys(("DS11_NS_WITH_SIGNED_ZONE", "DS11_PARENT_WITH_DS", "DS11_PARENT_WITHOUT_DS", "SOA_SERIAL_VARIATION"), SEEN),
    "B01_PARENT_DISREGARDED": "with --ns the parent is not asked",
    "B02_NS_BROKEN": "delegation-authoritative and dns-udp, of that address",
    "B02_NS_NOT_AUTH": "delegation-authoritative/not-authoritative",
    "B02_NS_NO_IP_ADDR": "delegation-ns-name/ns-unresolvable",
    "B02_UNEXPECTED_RCODE": "delegation-authoritative/lame",
    "DS05_SERVER_NO_DNSSEC": "dnssec-signed/servers-differ",
    "DS07_NOT_SIGNED_ON_SERVER": "dnssec-signed/servers-differ, with the address",
    "DS07_NO_DS_ON_PARENT_SERVER": "dnssec-signed/parents-differ, with the address",
    "DS01_PARENT_SERVER_NO_DS": "dnssec-signed/parents-differ",
    "DS07_NON_AUTH_RESPONSE_DNSKEY": "delegation-authoritative/not-authoritative",
    "DS07_UNEXP_RCODE_RESP_DNSKEY": "dns-udp/bad-rcode",
    "DS11_NS_WITH_UNSIGNED_ZONE": "dnssec-signed/servers-differ, with the address",
    "DS10_SERVER_NO_DNSSEC": "dnssec-signed/servers-differ",
    "DS03_SERVER_NO_DNSSEC_SUPPORT": "dnssec-signed/servers-differ",
    "CHILD_ZONE_LAME": "delegation-exists/no-working-server",
    "SAME_IP_ADDRESS": "delegation-ns-count/same-address",
    "A01_NO_GLOBALLY_REACHABLE_ADDR": "each address has its own finding",
    "B01_INCONSISTENT_ALIAS": "delegation-exists/inconsistent",
    "Z11_DIFFERENT_SPF_POLICIES_FOUND": "the policies stand in the findings by address",
    "NS_ERROR": "dns-udp/bad-rcode",
    "IPV4_SAME_ASN": "delegation-diversity/one-as where it is one system; servers that share several are well",
    "IPV6_SAME_ASN": "delegation-diversity/one-as where it is one system; servers that share several are well",
}
"""Tag → how the same is said here, where no code bears the tag."""

LACKS: Mapping[str, str] = {
    "BASIC03": "a zone without a working server stops the other checks; www is not asked elsewhere",
    "DNSSEC03": "several NSEC3 records in one answer are not counted",
    "DNSSEC10": "answers with several NSEC records and odd SOA records in negative answers are not told apart",
    "NAMESERVER13": "truncation with EDNS is not provoked",
    "SYNTAX06": "the mail domain of RNAME is not looked up",
    "NAMESERVER05": "an A that is answered by an error is dns-udp's; a wrong answer about A is not judged",
    "NAMESERVER15": "only version.bind in class CH is asked; errors and answers of another class are passed over",
    "ZONE09": "preference of a null MX, and mail addresses of the root or a top-level domain, are not judged",
    "ZONE11": "top-level domains are not judged",
    "ZONE01": "only that servers agree on MNAME is judged",
}
"""Case → what is missing, in words, where the missing tags do not say it."""

NOT_DONE: Mapping[str, str] = {
    "BASIC03": "a zone without a working server is a failure by itself; whether www answers elsewhere tells nothing more",
    "NAMESERVER04": "an answer from another address is dropped as not to our question, and counts as silence",
    "NAMESERVER07": "later: upward referrals of servers that are not asked for the zone do no harm to it",
    "NAMESERVER08": "later: whether a server keeps the case of the question",
    "NAMESERVER09": "later: whether the case of the question changes the answer",
    "ZONE01": "a hidden primary, which this service has, is no fault; that servers agree is dns-soa",
    "ZONE07": "MNAME may name a hidden primary that outsiders cannot resolve",
    **dict.fromkeys(("http_compression", "tls_ciphers", "tls_cipher_order", "fs_params", "kex_hash_func", "tls_compression", "renegotiation_secure", "renegotiation_client", "zero_rtt", "ocsp_stapling", "extended_master_secret"), "left to testssl.sh, which speaks TLS octet by octet"),
    **dict.fromkeys(("http_x_frame", "http_x_content_type", "http_csp", "http_referrer_policy"), "later: HTTP security headers"),
    **dict.fromkeys(("web_rpki_exists", "web_rpki_valid", "ns_rpki_exists", "ns_rpki_valid", "mail_rpki_exists", "mail_rpki_valid", "mail_mx_ns_rpki_exists", "mail_mx_ns_rpki_valid"), "later: RPKI from a local file of route authorisations"),
    "mx_caa": "CAA is judged for the zone, not for the names of its mail servers",
}  # fmt: skip
"""Case → why it is not done."""
NOT_YET = "not yet"

DONE: frozenset[str] = frozenset({
    "ADDRESS01", "ADDRESS02", "ADDRESS03", "BASIC01", "BASIC02", "CONNECTIVITY01", "CONNECTIVITY02", "CONNECTIVITY03", "CONSISTENCY01", "CONSISTENCY02",
    "CONSISTENCY03", "CONSISTENCY04", "CONSISTENCY05", "CONSISTENCY06", "DELEGATION01", "DELEGATION02", "DELEGATION03", "DELEGATION04",
    "DELEGATION05", "DELEGATION06", "DELEGATION07", "DNSSEC01", "DNSSEC02", "DNSSEC04", "DNSSEC05", "DNSSEC06", "DNSSEC07", "DNSSEC08", "DNSSEC09",
    "DNSSEC11", "DNSSEC13", "DNSSEC14", "DNSSEC15", "DNSSEC18", "NAMESERVER01", "NAMESERVER03", "NAMESERVER06", "NAMESERVER12", "SYNTAX01",
    "SYNTAX02", "SYNTAX03", "SYNTAX04", "SYNTAX05", "SYNTAX07", "ZONE02", "ZONE03", "ZONE04", "ZONE05", "ZONE06", "ZONE08", "ZONE10",
    "cert_hostmatch", "cert_pubkey", "cert_signature", "cert_trust", "dane_exists", "dane_rollover", "dane_valid", "dkim", "dmarc", "dmarc_policy",
    "dnssec_exists", "dnssec_mx_exists", "dnssec_mx_valid", "dnssec_valid", "http_securitytxt", "https_exists", "https_forced", "https_hsts",
    "mx_aaaa", "mx_reach", "ns_aaaa", "ns_reach", "spf", "spf_policy", "starttls_exists", "tls_version", "web_aaaa", "web_caa", "web_ipv46",
    "web_reach",
})
"""Cases that are done and must stay so: a tag of theirs without a code fails the contract test."""
