"""CPU of one healthy zone within a command of sixty, beside zonemaster-cli and dnsviz; and a silent address in such a run."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from samdrift.compliance.coverage.listing import counts, coverage
from samdrift.operations.registered_checks import registered_checks
from tests.bench.measure import RUNS, Failed, Figure, Timing
from tests.bench.zone_bench import CHECKS, ROOT, SAMDRIFT
from tests.lab.labkit.yard import Yard
from tests.lab.parts.dns import Dns, NameServer, Zone, start_dns

COUNT, MANY, ALL = 60, 200, 1100
MOST_BYTES = 300 * 2**20
"""For all zones of the eleven members in one run (dns.md 9)."""
NAMES = [f"m{number}.example" for number in range(COUNT)]
FIRST = NameServer("ns1.m0.example.", "10.20.1.53", "2001:db8:21::53")
SECOND = NameServer("ns2.m0.example.", "10.20.2.53", "2001:db8:22::53")
THIRD = NameServer("ns3.m0.example.", "10.20.3.53", "2001:db8:23::53")
"""The second server of a tenth of the many zones; its IPv6 address is dead."""
GLUE = f"ns3.m0.example. IN A {THIRD.ipv4}\nns3.m0.example. IN AAAA {THIRD.ipv6}"
PEER = "zonemaster-cli, all its tests: CPU of a zone"
LIMIT_S = 300


def notes() -> list[str]:
    """What each covers, beside the ratios: the whole list is docs/reference/coverage.md."""
    held = counts(coverage(registered_checks().values()))
    said = [f"of {name}'s {sum(states.values())} tests samdrift does {states['done']}, {states['in part']} in part, not {states['not done']}" for name, states in held.items()]
    chosen = [check for check in registered_checks().values() if check.category in {"delegation", "dnssec", "dns"} or check.id.startswith("ipv6-ns-")]
    return [
        *said, "(every one of them with what lacks and why: docs/reference/coverage.md)",
        f"samdrift here: {len(chosen)} checks with {sum(len(check.codes) for check in chosen)} codes, each of {COUNT} zones in one process; zonemaster-cli: all its tests, also of mail and syntax; dnsviz: DNSSEC and delegation of one zone",
    ]  # fmt: skip


def run(line: Sequence[str], folder: Path, *, parts: int = 1, runs: int = RUNS, accepted: Sequence[int] = (0,)) -> tuple[Timing, Timing]:
    """CPU (with all children) divided by `parts`, and wall time, of a command's runs. Python keeps its bytecode, as an installed program does."""
    cpu, wall, peak = [], [], 0
    environment = {**os.environ, "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
    environment.pop("PYTHONDONTWRITEBYTECODE", None)
    for _ in range(runs):
        began = time.perf_counter()
        process = subprocess.Popen(list(line), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=folder, env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = code = os.waitstatus_to_exitcode(status)
        if code not in accepted:
            raise Failed(f"{line[0]} ended with {code}")
        wall.append(time.perf_counter() - began)
        cpu.append((usage.ru_utime + usage.ru_stime) / parts)
        peak = max(peak, usage.ru_maxrss * 1024)
    return Timing(tuple(sorted(cpu)), peak), Timing(tuple(sorted(wall)), peak)


def own(dns: Dns, names: Sequence[str], rate: int = 2000) -> list[str]:
    """Our command; the rate is raised because all zones of the bench have the same two servers."""
    return [str(SAMDRIFT), "check", "run", *names, *CHECKS, "--hints", str(dns.hints), "--trust-anchor", str(dns.trust_anchor), "--no-store", "--output", "json", "--rate", str(rate)]


def figures(folder: Path) -> Iterator[Figure]:
    if os.geteuid() != 0:
        yield Figure("zones", "sixty zones", None, missing="needs root for a namespace of its own")
        return
    zones = [Zone(".", (ROOT,)), Zone("example.", (ROOT,)), *(Zone(f"{name}.", (FIRST, SECOND), "@ IN A 10.20.1.80\n@ IN AAAA 2001:db8:21::80") for name in NAMES)]
    with Yard(folder / "yard") as yard, start_dns(zones, folder / "dns", yard.place) as dns:
        inside = yard.place.prefix
        if shutil.which("zonemaster-cli"):
            line = [*inside, "zonemaster-cli", "--hints", str(dns.hints), "--no-progress", "m1.example"]
            cpu, wall = run(line, folder)
            yield Figure("zones", PEER, cpu)
            yield Figure("zones", f"zonemaster-cli, {COUNT} zones one by one (from one: x {COUNT}): wall", Timing(tuple(one * COUNT for one in wall.seconds), wall.peak_bytes))
        else:
            yield Figure("zones", PEER, None, missing="not installed: make system, group bench")
        if shutil.which("dnsviz"):
            addresses = ",".join(f"{ROOT.name}={f'[{address}]' if ':' in address else address}" for address in ROOT.addresses)
            steps = f"dnsviz probe -A -a . -x .:{addresses} m1.example -o probe.json && dnsviz grok -r probe.json -o grok.json"
            try:
                yield Figure("zones", "dnsviz probe and grok: CPU of a zone", run([*inside, "sh", "-c", steps], folder)[0], beside=PEER)
            except Failed as error:
                yield Figure("zones", "dnsviz probe and grok: CPU of a zone", None, missing=str(error))
        else:
            yield Figure("zones", "dnsviz probe and grok: CPU of a zone", None, missing="not installed: make system, group bench")
        run([*inside, *own(dns, NAMES[:1])], folder, runs=1)
        cpu, wall = run([*inside, *own(dns, NAMES)], folder, parts=COUNT)
        yield Figure("zones", f"samdrift, delegation, DNSSEC and servers: CPU of a zone of {COUNT} in one process", cpu, beside=PEER)
        yield Figure("zones", f"samdrift, {COUNT} zones in one command: wall", wall, beside=f"zonemaster-cli, {COUNT} zones one by one (from one: x {COUNT}): wall")
        dns.dead_address(SECOND.name, SECOND.ipv6 or "")
        yield Figure("zones", f"samdrift, {COUNT} zones and one silent IPv6 address: wall", run([*inside, *own(dns, NAMES)], folder, runs=2, accepted=(1,))[1], limit_s=10)
    yield from many(folder)
    yield from everything(folder)


def many(folder: Path) -> Iterator[Figure]:
    """At the default rate of questions to one address, which all zones of the bench share."""
    names = [f"m{number}.example" for number in range(MANY)]
    children = [Zone(f"{name}.", (FIRST, THIRD if number % 10 == 9 else SECOND), GLUE if number == 0 else "") for number, name in enumerate(names)]
    with Yard(folder / "yard-many") as yard, start_dns([Zone(".", (ROOT,)), Zone("example.", (ROOT,)), *children], folder / "dns-many", yard.place) as dns:
        dns.dead_address(THIRD.name, THIRD.ipv6 or "")
        line = [*yard.place.prefix, *own(dns, names, rate=50)]
        yield Figure("zones", f"samdrift, {MANY} zones, a tenth with a dead IPv6 address, 50 questions/s an address: wall", run(line, folder, runs=1, accepted=(1,))[1], limit_s=60)


def everything(folder: Path) -> Iterator[Figure]:
    """As many zones as the members have, signed, in one command: its memory is what counts."""
    names = [f"m{number}.example" for number in range(ALL)]
    children = [Zone(f"{name}.", (FIRST, SECOND)) for name in names]
    with Yard(folder / "yard-all") as yard, start_dns([Zone(".", (ROOT,)), Zone("example.", (ROOT,)), *children], folder / "dns-all", yard.place) as dns:
        line = [*yard.place.prefix, *own(dns, names, rate=5000), "--deadline", "900"]
        yield Figure("zones", f"samdrift, {ALL} zones in one command: wall and peak memory", run(line, folder, runs=1)[1], limit_bytes=MOST_BYTES)
