"""Each part starts, answers, does what its users rely on, and leaves no process behind."""

from __future__ import annotations

import smtplib
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.lab.labkit.part import Part
from tests.lab.labkit.yard import Yard
from tests.lab.parts.backup import BackupTarget, restic
from tests.lab.parts.devices import Device, Devices
from tests.lab.parts.dns import Dns, NameServer, Zone, soa_serial, start_dns
from tests.lab.parts.monitoring import Monitoring
from tests.lab.parts.postgresql import Postgresql
from tests.lab.parts.receiver import Receiver
from tests.lab.parts.router import Router
from tests.lab.parts.ups import Ups

pytestmark = pytest.mark.level("user")

ROOT = NameServer("a.root.example.", "10.20.0.1", "2001:db8:20::1")
FIRST = NameServer("ns1.are.example.", "10.20.1.53", "2001:db8:21::53")
SECOND = NameServer("ns2.are.example.", "10.20.2.53", "2001:db8:22::53")
TREE = [Zone(".", (ROOT,)), Zone("example.", (ROOT,)), Zone("are.example.", (FIRST, SECOND), "www IN A 10.20.1.80")]


def post(url: str) -> int:
    request = urllib.request.Request(url, data=b'{"a": 1}', method="POST")
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code


def no_process_is_left(part: Part) -> bool:
    return all(p.pid is None for p in part.processes.values())


def test_the_receiver_keeps_what_comes_by_both_ways_and_misbehaves_when_told(tmp_path: Path) -> None:
    with Receiver(tmp_path) as receiver:
        assert post(receiver.url6 + "/page") == 200
        receiver.behave("500")
        assert post(receiver.url + "/page") == 500
        receiver.behave("ok")
        with smtplib.SMTP(*receiver.smtp) as mail:
            mail.sendmail("larm@drift.example", ["jour@drift.example"], "Subject: prov\n\nprov")
        assert [(n.way, n.to, n.answered) for n in receiver.received()] == [
            ("webhook", "/page", 200), ("webhook", "/page", 500), ("mail", "jour@drift.example", 250),
        ]  # fmt: skip
    assert no_process_is_left(receiver)


def test_an_alert_of_either_prometheus_reaches_the_receiver_through_the_alertmanager_pair(tmp_path: Path) -> None:
    rules = tmp_path / "rules.yml"
    rules.write_text('{"groups":[{"name":"g","interval":"1s","rules":[{"alert":"Always","expr":"vector(1)","for":"8s"}]}]}')
    with Receiver(tmp_path / "receiver") as receiver:
        route = {"receiver": "hook", "group_wait": "1s"}
        hook = {"name": "hook", "webhook_configs": [{"url": f"{receiver.url}/alert"}]}
        settings = {"global": {"evaluation_interval": "1s"}, "rule_files": [str(rules)]}
        with Monitoring(tmp_path / "m", prometheus=settings, alertmanager={"route": route, "receivers": [hook]}) as pair:
            receiver.wait_for(1, limit_s=40)
            assert {len(one.alerts()) for one in pair.alertmanagers} == {1}
    assert all(no_process_is_left(part) for part in pair.parts)


def test_the_ups_simulator_serves_the_value_that_was_set(tmp_path: Path) -> None:
    with Ups(tmp_path, names=["a", "b"]) as ups:
        ups.on_battery("a")
        assert (ups.get("ups.status", "a").split()[0], ups.get("ups.status", "b")) == ("OB", "OL")
    assert no_process_is_left(ups)


def test_the_backup_target_appends_for_its_owner_and_only_reads_for_the_puller(tmp_path: Path) -> None:
    source = tmp_path / "source"
    source.mkdir()
    (source / "file").write_text("innehåll" * 1000)
    with BackupTarget(tmp_path / "target", users={"are": "first-secret", "krokom": "second-secret"}, readers={"pull": "third-secret"}) as target:

        def run(url: str, *arguments: str) -> int:
            return restic(url, "repository-secret", target.ca, *arguments, folder=tmp_path / "client").returncode

        own, read = target.url("are", "web"), target.read_url("pull", "are", "web")
        assert run(own, "init") == 0
        assert run(own, "backup", str(source)) == 0
        assert run(read, "snapshots", "--no-lock") == 0
        assert run(own.replace("are:first-secret", "krokom:second-secret"), "snapshots") == 1
        assert run(own, "check", "--read-data") == 0
        target.flip_bytes()
        assert run(own, "check", "--read-data") == 1
    assert no_process_is_left(target)


def lookup(yard: Yard, dns: Dns, name: str) -> str:
    settings = yard_settings(dns)
    with_resolver = f"unbound -d -c {settings} & until kdig @127.0.0.1 -p 5300 . SOA +timeout=1 >/dev/null; do :; done; kdig @127.0.0.1 -p 5300 {name} A +dnssec +timeout=5 | head -2; kill $!"
    return yard.run(["sh", "-c", with_resolver]).stdout


def yard_settings(dns: Dns) -> Path:
    settings = dns.folder / "unbound.conf"
    settings.write_text(
        'server:\n interface: 127.0.0.1\n port: 5300\n username: ""\n chroot: ""\n pidfile: ""\n do-daemonize: no\n use-syslog: no\n'
        f' directory: "{dns.folder}"\n root-hints: {dns.hints}\n trust-anchor-file: {dns.trust_anchor}\n module-config: "validator iterator"\n'
    )
    return settings


@pytest.mark.level("plain")
def test_a_validating_resolver_believes_the_signed_tree_and_refuses_each_broken_one(tmp_path: Path) -> None:
    with Yard(tmp_path / "yard") as yard, start_dns(TREE, tmp_path / "dns", yard.place) as dns:
        assert "rd ra ad" in lookup(yard, dns, "www.are.example")
        for fault in (dns.wrong_ds, dns.expire):
            fault("are.example")
            assert "SERVFAIL" in lookup(yard, dns, "www.are.example")
            dns.heal()
        assert "rd ra ad" in lookup(yard, dns, "www.are.example")
    assert no_process_is_left(dns)


@pytest.mark.level("plain")
def test_a_lame_server_a_dead_address_and_an_old_serial_hit_only_what_they_name(tmp_path: Path) -> None:
    with Yard(tmp_path / "yard") as yard, start_dns(TREE, tmp_path / "dns", yard.place) as dns:

        def serials() -> list[int | None]:
            return [yard.place.inside(lambda a=a: soa_serial(a, "are.example.")) for a in (*FIRST.addresses, *SECOND.addresses)]  # type: ignore[misc]

        assert serials() == [dns.serial] * 4
        dns.lame("are.example", "ns2.are.example")
        assert serials() == [dns.serial, dns.serial, None, None]
        dns.heal()
        dns.dead_address("ns1.are.example", "2001:db8:21::53")
        assert serials() == [dns.serial, None, dns.serial, dns.serial]
        dns.heal()
        dns.behind("are.example", "ns2.are.example")
        assert serials() == [dns.serial, dns.serial, dns.serial - 5, dns.serial - 5]


def test_simulated_devices_keep_what_they_were_told_and_change_as_they_run(tmp_path: Path) -> None:
    paramiko = pytest.importorskip("paramiko")
    lines = tuple(f"interface Gi1/0/{n}" for n in range(50))
    with Devices(tmp_path, devices=[Device("sw1", "are-sw-1", lines=lines)]) as devices:
        host, port = devices.address("sw1")
        client = paramiko.SSHClient()
        client.load_host_keys(str(devices.known_hosts()))
        client.connect(host, port, "backup", "lab-only", look_for_keys=False, allow_agent=False)
        with client, client.invoke_shell() as shell:
            shell.sendall(b"show version\n")
            text = b""
            while not text.endswith(b"are-sw-1>") or b"Version" not in text:
                text += shell.recv(1000)
        devices.change("sw1", fault="wrong-password")
        with pytest.raises(paramiko.AuthenticationException):
            client.connect(host, port, "backup", "lab-only", look_for_keys=False, allow_agent=False)
        client.close()
        assert devices.commands("sw1") == ["show version"]
    assert no_process_is_left(devices)


@pytest.mark.level("plain")
def test_the_router_gives_its_whole_configuration_and_routes(tmp_path: Path) -> None:
    with Yard(tmp_path / "yard") as yard:
        config = "frr defaults traditional\nip route 10.99.0.0/16 blackhole\n"
        with Router(tmp_path / "router", yard.place, hostname="ost-rtr-1", config=config) as router:
            assert "hostname ost-rtr-1" in router.vtysh("show running-config")
            assert "blackhole 10.99.0.0/16" in yard.run(["ip", "route"]).stdout
        assert no_process_is_left(router)


@pytest.mark.level("plain")
def test_postgresql_serves_from_initdb_to_a_clean_end(tmp_path: Path) -> None:
    with Postgresql(tmp_path / "pg") as postgresql:
        assert postgresql.sql("select 6 * 7").strip() == "42"
    assert no_process_is_left(postgresql)
