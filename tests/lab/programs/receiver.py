"""Program of the receiver part: receiver.py FOLDER HTTP-PORT SMTP-PORT ADDRESS... (webhook and mail)."""

from __future__ import annotations

import contextlib
import http.server
import json
import os
import socket
import socketserver
import sys
import threading
import time
from pathlib import Path
from typing import Any

LIMIT_BYTES = 10_000_000
LOCK = threading.Lock()
FOLDER = Path(sys.argv[1])


def behaviour() -> dict[str, Any]:
    """How to answer now, read anew each time."""
    with contextlib.suppress(OSError, ValueError):
        return dict(json.loads((FOLDER / "behaviour").read_text()))
    return {"mode": "ok", "seconds": 0}


def keep(way: str, to: str, answered: int, body: object) -> None:
    """Add one line to received.jsonl, whole, and on the disk."""
    line = json.dumps({"at": time.time(), "way": way, "to": to, "answered": answered, "body": body}, ensure_ascii=False)
    with LOCK, (FOLDER / "received.jsonl").open("a", encoding="utf-8") as kept:
        kept.write(line + "\n")
        kept.flush()
        os.fsync(kept.fileno())


class Webhook(http.server.BaseHTTPRequestHandler):
    """Takes any POST; a GET says what came."""

    protocol_version = "HTTP/1.1"

    def do_POST(self) -> None:
        """Keep the body (JSON when it is) and answer as told."""
        raw = self.rfile.read(min(int(self.headers.get("Content-Length") or 0), LIMIT_BYTES))
        try:
            body: object = json.loads(raw)
        except ValueError:
            body = raw.decode(errors="replace")
        told = behaviour()
        if told["mode"] == "refuse":
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
            return
        if told["mode"] == "slow":
            time.sleep(float(told["seconds"]))
        status = 500 if told["mode"] == "500" else 200
        keep("webhook", self.path, status, body)
        self.answer(status, b"{}")

    do_PUT = do_POST

    def do_GET(self) -> None:
        """All that was received, one JSON object a line."""
        kept = FOLDER / "received.jsonl"
        self.answer(200, kept.read_bytes() if kept.exists() else b"")

    def answer(self, status: int, body: bytes) -> None:
        """Send a status and a body."""
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        with contextlib.suppress(OSError):
            self.wfile.write(body)


class Mail(socketserver.StreamRequestHandler):
    """The least of RFC 5321 that takes a message."""

    def say(self, line: str) -> None:
        """One reply line."""
        self.wfile.write(line.encode() + b"\r\n")

    def handle(self) -> None:
        """One session."""
        told = behaviour()
        if told["mode"] == "refuse":
            return
        if told["mode"] == "slow":
            time.sleep(float(told["seconds"]))
        self.say("220 lab.example ESMTP")
        to: list[str] = []
        sender = ""
        for raw in self.rfile:
            line = raw.decode(errors="replace").strip()
            verb = line.upper()
            if verb.startswith("EHLO"):
                self.say("250-lab.example")
                self.say("250-8BITMIME")
                self.say("250 SMTPUTF8")
            elif verb.startswith("MAIL FROM:"):
                sender, to = line[10:].split(" ")[0].strip("<>"), []
                self.say("250 ok")
            elif verb.startswith("RCPT TO:"):
                to.append(line[8:].split(" ")[0].strip("<>"))
                self.say("250 ok")
            elif verb == "DATA":
                self.say("354 go on")
                text = self.message()
                refused = behaviour()["mode"] == "500"
                keep("mail", ",".join(to), 554 if refused else 250, {"from": sender, "text": text})
                self.say("554 not now" if refused else "250 kept")
            elif verb == "QUIT":
                self.say("221 bye")
                return
            else:
                self.say("250 ok")

    def message(self) -> str:
        """The lines up to the single dot."""
        lines: list[str] = []
        for raw in self.rfile:
            line = raw.decode(errors="replace").rstrip("\r\n")
            if line == ".":
                break
            lines.append(line[1:] if line.startswith("..") else line)
        return "\n".join(lines)


def serve(kind: type[socketserver.TCPServer], handler: type[socketserver.BaseRequestHandler], address: str, port: int) -> None:
    """Serve one way on one address, for ever."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    own = type("Own", (kind,), {"address_family": family, "allow_reuse_address": True, "daemon_threads": True, "request_queue_size": 128})
    threading.Thread(target=own((address, port), handler).serve_forever, daemon=True).start()


def main() -> None:
    """Serve webhook and mail on each address until killed."""
    http_port, smtp_port = int(sys.argv[2]), int(sys.argv[3])
    for address in sys.argv[4:]:
        serve(http.server.ThreadingHTTPServer, Webhook, address, http_port)
        serve(socketserver.ThreadingTCPServer, Mail, address, smtp_port)
    threading.Event().wait()


main()
