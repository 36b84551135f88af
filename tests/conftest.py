"""What holds in every test: levels of the lab, no network in pure tests, and a true closing word about what was not run."""

from __future__ import annotations

import functools
import json
import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

ROOT = Path(__file__).resolve().parent.parent
LEVELS = ("bare", "user", "plain", "full")
PURE = ("unit", "cases", "contracts", "inventory")
LAB = ROOT / "tests" / "lab" / "lab"
NOT_RUN = pytest.StashKey[list[tuple[str, str]]]()

settings.register_profile(
    "samdrift", derandomize=True, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("samdrift")


# --- levels (lab.md A2)
@functools.cache
def machine_level() -> str:
    """The level that `lab doctor` found by trying, lowered by SAMDRIFT_LAB_LEVEL; bare when there is no lab."""
    found = "bare"
    if LAB.exists():
        told = subprocess.run(
            [str(LAB), "doctor", "--output", "json"], capture_output=True, text=True, timeout=120, check=False
        )
        try:
            document = json.loads(told.stdout)
        except json.JSONDecodeError as error:
            raise pytest.UsageError(
                f"lab doctor gave no JSON (exit {told.returncode}): {told.stderr.strip()[-500:]}"
            ) from error
        found = document.get("level") or document["items"][0]["level"]
    wanted = os.environ.get("SAMDRIFT_LAB_LEVEL") or found
    if wanted not in LEVELS:
        raise pytest.UsageError(f"SAMDRIFT_LAB_LEVEL={wanted}: one of {', '.join(LEVELS)}")
    return min(found, wanted, key=LEVELS.index)


def required() -> str | None:
    """The level that must be reached here; tests up to it that are not run are failures."""
    wanted = os.environ.get("SAMDRIFT_LAB_REQUIRE") or None
    if wanted and wanted not in LEVELS:
        raise pytest.UsageError(f"SAMDRIFT_LAB_REQUIRE={wanted}: one of {', '.join(LEVELS)}")
    return wanted


def needed_level(item: pytest.Item) -> str | None:
    """The level a test asks for; the nearest marker counts."""
    marker = item.get_closest_marker("level")
    if marker is None:
        return None
    if len(marker.args) != 1 or marker.args[0] not in LEVELS:
        raise pytest.UsageError(f"{item.nodeid}: level({marker.args}) is none of {', '.join(LEVELS)}")
    return str(marker.args[0])


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Below its level a test is not run; where the level is required that is a failure."""
    needed = needed_level(item)
    if needed is None or LEVELS.index(machine_level()) >= LEVELS.index(needed):
        return
    pytest.skip(f"this machine gives level {machine_level()}, the test needs {needed} (tests/lab/lab doctor)")


@pytest.fixture
def program() -> Callable[[str, str], str]:
    """program(name, package): the path of an outside program; a missing one is named, and in CI a failure."""

    def find(name: str, package: str) -> str:
        path = shutil.which(name) or shutil.which(name, path="/usr/local/sbin:/usr/sbin:/sbin")
        if path is None:
            pytest.skip(f"{name} is not installed: apt-get install {package}")
        return path

    return find


# --- not run is not passed
@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """A skip is a failure where all parts are required; the first failing lab test keeps the logs."""
    report = yield
    if report.skipped and not hasattr(report, "wasxfail") and not item.get_closest_marker("may_be_absent"):
        limit = required()
        if limit and LEVELS.index(needed_level(item) or "bare") <= LEVELS.index(limit):
            reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
            report.outcome, report.longrepr = (
                "failed",
                f"{item.nodeid}: not run though level {limit} is required: {reason}",
            )
    if report.failed and report.when in {"setup", "call"}:
        keep_logs(item)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Iterator[None]:
    """A whole file left out is a failure too where all parts are required."""
    report = yield
    if report.skipped and required():
        report.outcome, report.longrepr = "failed", f"{collector.nodeid}: not run though level {required()} is required"
    return report


def keep_logs(item: pytest.Item) -> None:
    """Copies the logs of hosts and parts under build/test/, once, for the first failing lab test."""
    target = ROOT / "build" / "test" / "logs"
    config = item.config
    if "tests/lab" not in item.nodeid and "tests/playbooks" not in item.nodeid:
        return
    if getattr(config, "_samdrift_logs_kept", False):
        return
    config._samdrift_logs_kept = True  # type: ignore[attr-defined]
    shutil.rmtree(target, ignore_errors=True)
    for name in ("tmp_path", "lab_directory", "lab"):
        source: Any = getattr(item, "funcargs", {}).get(name)
        source = getattr(source, "directory", source)
        if not isinstance(source, Path):
            continue
        for log in logs_below(source):
            if log.is_file() and log.stat().st_size < 10_000_000:
                copy = target / name / log.relative_to(source)
                copy.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(log, copy)


def logs_below(folder: Path) -> Iterator[Path]:
    """Every *.log below a folder, without going into what is mounted there (the hosts' roots)."""
    for where, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not os.path.ismount(Path(where) / name))
        yield from (Path(where) / name for name in sorted(files) if name.endswith(".log"))


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Counts and names what was not run, by reason; it never counts as passed."""
    skipped = terminalreporter.stats.get("skipped", [])
    if not skipped:
        return
    reasons: dict[str, list[str]] = {}
    for report in skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        reasons.setdefault(reason.removeprefix("Skipped: "), []).append(report.nodeid)
    terminalreporter.section("not run")
    for reason, names in sorted(reasons.items()):
        terminalreporter.write_line(f"{len(names)} not run, because {reason}")
        for name in sorted(names):
            terminalreporter.write_line(f"    {name}")


# --- no network in pure tests
_network_off = False


def _watch(event: str, arguments: tuple[Any, ...]) -> None:
    if not _network_off or event not in {
        "socket.connect",
        "socket.sendto",
        "socket.sendmsg",
        "socket.getaddrinfo",
        "socket.gethostbyname",
    }:
        return
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"} and arguments[0].family == socket.AF_UNIX:
        return
    raise RuntimeError(
        f"{event}{arguments[1:]}: this test runs without network; what asks the world belongs in tests/lab"
    )


sys.addaudithook(_watch)


@pytest.fixture(autouse=True)
def _pure_tests_have_no_network(request: pytest.FixtureRequest) -> Iterator[None]:
    """Tests of rooms and data reach nothing but Unix sockets."""
    global _network_off  # noqa: PLW0603 - an audit hook cannot be taken away, only told to look aside
    parts = (
        Path(str(request.node.fspath)).relative_to(ROOT).parts if str(request.node.fspath).startswith(str(ROOT)) else ()
    )
    _network_off = (
        len(parts) > 1 and parts[0] == "tests" and parts[1] in PURE and not request.node.get_closest_marker("network")
    )
    yield
    _network_off = False


# --- order of the lab's files: smoke, areas, leftovers (lab.md M1)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Within the lab smoke tests come first and leftovers last; elsewhere the order stays as it is."""
    if not all("tests/lab" in item.nodeid or "tests/playbooks" in item.nodeid for item in items):
        return
    items.sort(key=lambda item: 2 if "leftovers" in item.nodeid else 0 if "smoke" in item.nodeid else 1)
