"""Chromium without a screen, spoken to over the DevTools protocol: axe goes in past the page's own policy (interface.md U41)."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from urllib.request import urlopen

import websocket

ROOT = Path(__file__).resolve().parents[2]
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa")
START_LIMIT_S = 30
ANSWER_LIMIT_S = 60
FLAGS = (
    "--headless=new", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-extensions", "--remote-debugging-port=0", "--hide-scrollbars",
    "--remote-allow-origins=*",
)  # fmt: skip
WATCH_POLICY = "window.__refused = []; document.addEventListener('securitypolicyviolation', e => window.__refused.push(e.violatedDirective + ' ' + e.blockedURI), true);"
WIDE_PX = 8000
# a cell that its scroll region cuts off is "partially obscured" for axe: seen again with room for all of it
# axe measures no contrast inside svg; test_contrast.py computes that of every colour that charts use, in both themes
BUT_CHARTS = "{exclude: [['svg.plot text']]}"
ROOM = "for (const one of document.querySelectorAll('header,nav,main,footer')) { one.style.maxWidth = 'none'; }"
APPLIED = "Array.from(document.styleSheets).reduce((sum, sheet) => sum + sheet.cssRules.length, 0)"


class Browser:
    """One Chromium process with a folder of its own, ended and cleaned away with the block."""

    def __init__(self, program: str) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="samdrift-chromium-"))
        line = [
            program,
            *FLAGS,
            *(["--no-sandbox"] if os.geteuid() == 0 else []),
            f"--user-data-dir={self.folder}",
            "about:blank",
        ]
        own = {**os.environ, "TMPDIR": str(self.folder), "HOME": str(self.folder)}
        self.process = subprocess.Popen(
            line, env=own, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
        )
        self.number = 0
        try:
            self.socket = websocket.create_connection(self._page_address(), timeout=ANSWER_LIMIT_S)
        except BaseException:
            self.close()
            raise
        self.events: list[Mapping[str, Any]] = []
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.say(f"{domain}.enable")
        self.say("Page.addScriptToEvaluateOnNewDocument", source=WATCH_POLICY)

    def _page_address(self) -> str:
        until = time.monotonic() + START_LIMIT_S
        port_file = self.folder / "DevToolsActivePort"
        seen = "no port file"
        while time.monotonic() < until and self.process.poll() is None:
            if port_file.exists() and (lines := port_file.read_text(encoding="ascii").splitlines()):
                with urlopen(f"http://127.0.0.1:{lines[0]}/json/list", timeout=5) as answer:
                    targets = json.load(answer)
                pages = [str(target["webSocketDebuggerUrl"]) for target in targets if target["type"] == "page"]
                if pages:
                    return pages[0]
                seen = f"{len(targets)} targets, no page"
            time.sleep(0.05)
        raise RuntimeError(f"chromium gave no page within {START_LIMIT_S} s (exit {self.process.poll()}; {seen})")

    def say(self, method: str, **parameters: Any) -> dict[str, Any]:
        """The result of one command; events that come in between are kept."""
        self.number += 1
        self.socket.send(json.dumps({"id": self.number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv())
            if message.get("id") == self.number:
                if "error" in message:
                    raise RuntimeError(f"{method}: {message['error']}")
                return dict(message["result"])
            self.events.append(message)

    def evaluate(self, expression: str) -> Any:
        """The value of an expression in the page, awaited."""
        told = self.say("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in told:
            raise RuntimeError(str(told["exceptionDetails"])[:500])
        return told["result"].get("value")

    def wait_for_event(self, method: str) -> None:
        """Waits until an event of that name has come since the last `open`."""
        while not any(event.get("method") == method for event in self.events):
            self.events.append(json.loads(self.socket.recv()))

    def open(self, address: str, *, scheme: str = "light", width: int = 1280, scripts: bool = True) -> None:
        """Loads a page in a colour scheme and width; returns when it is loaded."""
        features = [
            {"name": "prefers-color-scheme", "value": scheme},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]
        self.say("Emulation.setEmulatedMedia", features=features)
        self.say("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        self.say("Emulation.setScriptExecutionDisabled", value=not scripts)
        self.events.clear()
        self.say("Page.navigate", url=address)
        self.wait_for_event("Page.loadEventFired")

    def examine(self) -> Verdict:
        """axe over the page that is open, with what the page's policy refused and how many style rules hold."""
        if not AXE.exists():
            raise RuntimeError("node_modules/axe-core is not there: tools/axe")
        self.say("Runtime.evaluate", expression=AXE.read_text(encoding="utf-8"))
        options = json.dumps({"runOnly": {"type": "tag", "values": TAGS}, "resultTypes": ["violations", "incomplete"]})
        found = self.evaluate(
            f"axe.run({BUT_CHARTS}, {options}).then(r => JSON.stringify({{version: axe.version, violations: r.violations, incomplete: r.incomplete}}))"
        )
        result = json.loads(found)
        return Verdict(
            version=result["version"],
            violations=tuple(_lines(result["violations"])),
            incomplete=tuple(_lines(result["incomplete"])),
            refused=tuple(self.evaluate("window.__refused || []")),
            rules_applied=int(self.evaluate(APPLIED)),
            foreign=tuple(self._foreign()),
            console=tuple(
                event["params"]["entry"]["text"]
                for event in self.events
                if event.get("method") == "Log.entryAdded" and event["params"]["entry"]["level"] == "error"
            ),
        )

    def look(self, address: str, scheme: str) -> Verdict:
        """The page in a common width; what contrast stays undecided there is seen again where nothing is cut off."""
        self.open(address, scheme=scheme)
        verdict = self.examine()
        if not any(line.startswith("color-contrast") for line in verdict.incomplete):
            return verdict
        self.open(address, scheme=scheme, width=WIDE_PX)
        self.evaluate(ROOM)
        wide = self.examine()
        others = tuple(line for line in verdict.incomplete if not line.startswith("color-contrast"))
        return replace(verdict, incomplete=others + wide.incomplete, violations=verdict.violations + wide.violations)

    def _foreign(self) -> list[str]:
        addresses = [
            event["params"]["request"]["url"]
            for event in self.events
            if event.get("method") == "Network.requestWillBeSent"
        ]
        return [
            address for address in addresses if address.startswith(("http:", "https:")) and "//127.0.0.1" not in address
        ]

    def close(self) -> None:
        """Ends the process group and removes the folder."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(timeout=10)
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.socket.close()
        self.close()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one look at a page gave: axe's findings as `rule target`, refusals by policy, style rules in force, foreign requests."""

    version: str
    violations: tuple[str, ...]
    incomplete: tuple[str, ...]
    refused: tuple[str, ...]
    rules_applied: int
    foreign: tuple[str, ...]
    console: tuple[str, ...]

    def complaints(self, *, known_incomplete: tuple[str, ...] = ()) -> list[str]:
        """Everything that keeps the page from passing, in words."""
        left = [line for line in self.incomplete if line.split(" ", 1)[0] not in known_incomplete]
        said = [f"violation {line}" for line in self.violations] + [f"undecided {line}" for line in left]
        said += [f"refused by the page's own policy: {line}" for line in self.refused]
        said += [f"asks elsewhere: {line}" for line in self.foreign] + [f"console: {line}" for line in self.console]
        if not self.rules_applied:
            said.append("no style rule is in force: colours were not judged")
        return said


def _lines(results: list[dict[str, Any]]) -> list[str]:
    return [f"{result['id']} {' '.join(map(str, node['target']))}" for result in results for node in result["nodes"]]
