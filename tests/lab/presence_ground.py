"""Zones with mail and web for the tests of their checks: one that is well, and one a fault, all on one pair of name servers."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from tests.lab.parts.dns import NameServer, Zone
from tests.lab.parts.web import Endpoint, Web

ROOT = NameServer("a.root.example.", "10.20.0.1", "2001:db8:20::1")
FIRST = NameServer("ns1.jamtnet.example.", "10.20.128.53", "2001:db8:22::53")
SECOND = NameServer("ns2.jamtnet.example.", "10.20.144.53", "2001:db8:23::53")
PRIVATE = "192.168.7.7"
NEXT_KEY = "3 1 1 " + "5A" * 32


SENDING = """@ IN TXT "v=spf1 -all"
_dmarc IN TXT "v=DMARC1; p=reject"
s1._domainkey IN TXT "v=DKIM1; p=x"
"""


@dataclass(frozen=True)
class Case:
    """A zone: how its web and its mail behave, what stands in its DNS instead of the good, and the codes that are wanted."""

    name: str
    wanted: frozenset[tuple[str, str]] = frozenset()
    web: str = ""
    certificate: str = "good"
    mail: str = ""
    mail_certificate: str = "good"
    spf: tuple[str, ...] = ("v=spf1 mx -all",)
    dmarc: tuple[str, ...] = ("v=DMARC1; p=reject",)
    tlsa: str = "live"
    records: str = ""
    bare: bool = False
    silent: bool = False
    signed: bool = True


def _c(*codes: str) -> frozenset[tuple[str, str]]:
    return frozenset((one.split("/")[0], one.split("/")[1]) for one in codes)


CASES = (
    Case("well"),
    Case("below", certificate="below"),
    Case("nomail", bare=True, records='@ IN MX 0 .\n@ IN TXT "v=spf1 -all"'),
    Case("endless", web="endless"),
    Case("bomb", web="bomb"),
    Case("private", web=f"redirect http://{PRIVATE}/"),
    Case("late", mail="late 15"),
    Case("expired", _c("tls-certificate-expiry/expired"), certificate="expired"),
    Case("mismatch", _c("tls-certificate/wrong-name"), certificate="mismatched"),
    Case("incomplete", _c("tls-certificate/incomplete-chain"), certificate="incomplete"),
    Case("selfsigned", _c("tls-certificate/untrusted"), certificate="self-signed"),
    Case("sha", _c("tls-certificate/weak-signature"), web="weak", certificate="sha1"),
    Case("old", _c("tls-version/old-version", "tls-version/no-tls13"), web="tls10"),
    Case("plain", _c("tls-https/not-forced"), web="no-redirect"),
    Case("nohsts", _c("tls-https/hsts-none"), web="no-hsts"),
    Case("silent", _c("ipv6-web/port-closed"), silent=True),
    Case("status", _c("ipv6-web/status-differs"), web="status6 503"),
    Case("nostarttls", _c("mail-starttls/no-starttls", "tls-dane/none"), mail="no-starttls", tlsa=""),
    Case("spfloop", _c("mail-spf/too-many-lookups"), spf=("v=spf1 include:a.spfloop.example -all",), records='a IN TXT "v=spf1 include:spfloop.example -all"'),
    Case("spfself", _c("mail-spf/too-many-lookups"), bare=True, records='@ IN MX 0 .\n@ IN TXT "v=spf1 redirect=spfself.example"'),
    Case("unfound", _c("mail-mx/mx-unresolvable"), bare=True, records=f"@ IN MX 10 10.20.1.1.\n{SENDING}"),
    Case("aliases", frozenset((check, "undetermined") for check in ("ipv6-mx", "mail-mx", "mail-mx-dnssec", "mail-starttls")) | _c("mail-mx/mx-is-alias", "tls-dane/none"), bare=True, records="@ IN MX 10 c0\n" + "\n".join(f"c{at} IN CNAME c{at + 1}" for at in range(100)) + f"\n{SENDING}"),
    Case("spfopen", _c("mail-spf-policy/too-open"), spf=("v=spf1 mx ?all",)),
    Case("dmarcs", _c("mail-dmarc/multiple"), dmarc=("v=DMARC1; p=reject", "v=DMARC1; p=none")),
    Case("dmarcnone", _c("mail-dmarc-policy/policy-none"), dmarc=("v=DMARC1; p=none",)),
    Case("unsigned", _c("mail-mx-dnssec/mx-insecure", "tls-dane/unsigned"), signed=False),
    Case("tlsa", _c("tls-dane/mismatch"), tlsa="3 1 1 " + "00" * 32),
)


def addresses(place: int) -> tuple[str, str, str, str]:
    """Web over IPv4 and IPv6, mail over IPv4 and IPv6, of the case at a place of the list."""
    return f"10.20.{place}.80", f"2001:db8:21:{place:x}::80", f"10.20.{place}.25", f"2001:db8:21:{place:x}::25"


def endpoints() -> list[Endpoint]:
    """What the web part serves."""
    found = []
    for place, case in enumerate(CASES, 1):
        if case.bare:
            continue
        four, six, mail_four, mail_six = addresses(place)
        host, mx = f"{case.name}.example", f"mx.{case.name}.example"
        found += [
            Endpoint(host, (four, six), behaviour=case.web, certificate=case.certificate),
            Endpoint(host, (four, six), 80, "http", behaviour=case.web),
            Endpoint(mx, (mail_four, mail_six), 25, "smtp", behaviour=case.mail, certificate=case.mail_certificate),
        ]
    return found


def zones(web: Web) -> list[Zone]:
    """The tree, once the web part has its certificates."""
    both = (FIRST, SECOND)
    names = [Zone(".", (ROOT,)), Zone("example.", (ROOT,)), Zone("jamtnet.example.", both)]
    return [*names, *(Zone(f"{case.name}.example.", both, records(case, place, web), signed=case.signed) for place, case in enumerate(CASES, 1))]


def records(case: Case, place: int, web: Web) -> str:
    """The zone's records besides SOA and NS."""
    if case.bare:
        return case.records
    four, six, mail_four, mail_six = addresses(place)
    host, mx = f"{case.name}.example", f"mx.{case.name}.example"
    lines = [
        f"@ IN A {four}", f"@ IN AAAA {six}", "@ IN MX 10 mx", f"mx IN A {mail_four}", f"mx IN AAAA {mail_six}", '@ IN CAA 0 issue "ca.example"',
        's1._domainkey IN TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="',
        *(f'@ IN TXT "{one}"' for one in case.spf), *(f'_dmarc IN TXT "{one}"' for one in case.dmarc),
        f"_443._tcp IN TLSA {live(web, host)}", f"_443._tcp IN TLSA {NEXT_KEY}",
    ]  # fmt: skip
    if case.tlsa:
        lines += [f"_25._tcp.mx IN TLSA {live(web, mx) if case.tlsa == 'live' else case.tlsa}", f"_25._tcp.mx IN TLSA {NEXT_KEY}"]
    return "\n".join([*lines, case.records])


def live(web: Web, host: str) -> str:
    """The TLSA of a host's key, by openssl."""
    key = subprocess.run(["openssl", "x509", "-in", str(Path(web.authority.folder) / f"{host}.pem"), "-noout", "-pubkey"], capture_output=True, check=True, timeout=20)
    der = subprocess.run(["openssl", "pkey", "-pubin", "-outform", "DER"], input=key.stdout, capture_output=True, check=True, timeout=20)
    digest = subprocess.run(["openssl", "dgst", "-sha256", "-r"], input=der.stdout, capture_output=True, check=True, timeout=20)
    return f"3 1 1 {digest.stdout.split()[0].decode().upper()}"
