"""Mail and web of Debian's own servers: nginx and postfix set up well give nothing, set up badly exactly their codes."""

from __future__ import annotations

import pytest

from samdrift.model.finding import Status
from samdrift.operations.check_compliance import check_compliance
from samdrift.operations.plan_compliance import Wanted, read_names
from tests.lab.labkit.yard import Yard
from tests.lab.parts.dns import Zone, start_dns
from tests.lab.parts.nginx import Nginx, Site
from tests.lab.parts.postfix import Postfix
from tests.lab.presence_ground import FIRST, NEXT_KEY, ROOT, SECOND, live
from tests.lab.test_presence import presence_checks

pytestmark = pytest.mark.level("plain")
WELL_WEB, BAD_WEB = ("10.20.1.80", "2001:db8:21::80"), ("10.20.2.80", "2001:db8:22::80")
WELL_MAIL, BAD_MAIL = ("10.20.1.25", "2001:db8:21::25"), ("10.20.2.25", "2001:db8:22::25")
BAD = {
    ("tls-https", "not-forced"), ("tls-https", "hsts-none"), ("tls-version", "old-version"), ("tls-version", "no-tls13"), ("mail-starttls", "no-starttls"),
    ("tls-dane", "none"), ("mail-spf-policy", "too-open"),
}  # fmt: skip


def records(nginx: Nginx, postfix: Postfix | None, host: str, web: tuple[str, str], mail: tuple[str, str], spf: str) -> str:
    lines = [
        f"@ IN A {web[0]}", f"@ IN AAAA {web[1]}", "@ IN MX 10 mx", f"mx IN A {mail[0]}", f"mx IN AAAA {mail[1]}", '@ IN CAA 0 issue "ca.example"', f'@ IN TXT "{spf}"',
        '_dmarc IN TXT "v=DMARC1; p=reject"', 's1._domainkey IN TXT "v=DKIM1; k=ed25519; p=11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="',
        f"_443._tcp IN TLSA {live(nginx, host)}", f"_443._tcp IN TLSA {NEXT_KEY}",
    ]  # fmt: skip
    if postfix is not None:
        lines += [f"_25._tcp.mx IN TLSA {live(postfix, f'mx.{host}')}", f"_25._tcp.mx IN TLSA {NEXT_KEY}"]
    return "\n".join(lines)


@pytest.fixture(scope="module")
def checked(tmp_path_factory):
    folder = tmp_path_factory.mktemp("real")
    with (
        Yard(folder / "yard") as yard,
        Nginx(folder / "nginx", yard.place, sites=[Site("well.example", WELL_WEB), Site("bad.example", BAD_WEB, healthy=False)]) as nginx,
        Postfix(folder / "well", yard.place, host="mx.well.example", addresses=WELL_MAIL) as well,
        Postfix(folder / "bad", yard.place, host="mx.bad.example", addresses=BAD_MAIL, tls=False),
    ):
        both = (FIRST, SECOND)
        tree = [
            Zone(".", (ROOT,)), Zone("example.", (ROOT,)), Zone("jamtnet.example.", both),
            Zone("well.example.", both, records(nginx, well, "well.example", WELL_WEB, WELL_MAIL, "v=spf1 mx -all")),
            Zone("bad.example.", both, records(nginx, None, "bad.example", BAD_WEB, BAD_MAIL, "v=spf1 mx")),
        ]  # fmt: skip
        with start_dns(tree, folder / "dns", yard.place) as dns, pytest.MonkeyPatch.context() as patch:
            patch.setenv("SSL_CERT_FILE", str(nginx.ca))
            wanted = Wanted(presence_checks(), read_names(["well.example", "bad.example"]), hints=dns.hints, trust_anchors=(dns.trust_anchor,))
            yield yard.place.inside(lambda: check_compliance(None, wanted))


@pytest.mark.parametrize(("zone", "wanted"), [("well.example", set()), ("bad.example", BAD)])
def test_debian_s_own_servers_give_their_codes_and_no_other(checked, zone, wanted):
    well = {Status.OK, Status.NOT_APPLICABLE}
    mine = [one for one in checked.findings if one.subject.id == zone and (one.status not in well or str(one.severity) == "notice")]
    assert {(one.check, one.code) for one in mine} == wanted, [(one.check, one.code, one.reason, one.message) for one in mine]
