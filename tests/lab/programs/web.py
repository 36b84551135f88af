"""Program of the web part: web.py ENDPOINTS.json TLS-FOLDER. Picks the certificate by the name asked for (SNI), each time anew.

An endpoint's `behaviour` makes it odd: endless, bomb, redirect URL, status N, status6 N, tls10, late SECONDS, no-starttls, no-hsts, no-redirect.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import socket
import ssl
import sys
import threading
import time
import warnings
from functools import cache
from pathlib import Path

TLS = Path(sys.argv[2])
LIMIT_S = 60
HSTS = "Strict-Transport-Security: max-age=63072000; includeSubDomains\r\n"
SECURITY_TXT = b"Contact: mailto:security@lab.example\nExpires: 2099-01-01T00:00:00Z\n"


def page(body: bytes = b"ok\n", status: str = "200 OK", fields: str = HSTS) -> bytes:
    """A whole reply."""
    head = f"HTTP/1.1 {status}\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {len(body)}\r\n{fields}Connection: close\r\n\r\n"
    return head.encode() + body


@cache
def bomb() -> bytes:
    """64 MiB of nothing, packed."""
    return gzip.compress(bytes(64 * 2**20))


def context(host: str, behaviour: str = "") -> ssl.SSLContext:
    """A context with the host's certificate as it lies in the folder now."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if behaviour == "tls10":
        made.set_ciphers("ALL:@SECLEVEL=0")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", DeprecationWarning)
            made.minimum_version = made.maximum_version = ssl.TLSVersion.TLSv1
    elif behaviour == "weak":
        made.set_ciphers("DEFAULT:@SECLEVEL=0")
        made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.load_cert_chain(TLS / f"{host}.pem", TLS / f"{host}.key")
    return made


def answer(session: ssl.SSLSocket, asked: bytes, behaviour: str, six: bool) -> None:
    """The reply to one request."""
    word, _, rest = behaviour.partition(" ")
    if asked.startswith(b"GET /.well-known/security.txt "):
        session.sendall(page(SECURITY_TXT))
    elif word == "endless":
        session.sendall(f"HTTP/1.1 200 OK\r\n{HSTS}\r\n".encode())
        while True:
            session.sendall(b"x " * 8192)
    elif word == "bomb":
        session.sendall(page(bomb(), fields=f"{HSTS}Content-Encoding: gzip\r\n"))
    elif word == "redirect":
        session.sendall(page(status="302 Found", fields=f"{HSTS}Location: {rest}\r\n"))
    elif word == "status" or (word == "status6" and six):
        session.sendall(page(status=f"{rest} x"))
    else:
        session.sendall(page(fields="" if word == "no-hsts" else HSTS))


def serve_https(link: socket.socket, hosts: list[str], behaviours: dict[str, str]) -> None:
    """One request, one page."""
    asked_for = [hosts[0]]

    def choose(session: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        if name in hosts:
            asked_for[0] = str(name)
            session.context = context(str(name), behaviours.get(str(name), ""))

    usual = context(hosts[0], behaviours.get(hosts[0], ""))
    usual.sni_callback = choose
    with usual.wrap_socket(link, server_side=True) as session:
        answer(session, session.recv(65_536), behaviours.get(asked_for[0], ""), link.family == socket.AF_INET6)
        with contextlib.suppress(OSError):
            session.unwrap()


def serve_http(link: socket.socket, hosts: list[str], behaviours: dict[str, str]) -> None:
    """Leads to https."""
    asked = link.recv(65_536).decode("latin-1")
    host = next((line.split(":", 1)[1].strip() for line in asked.split("\r\n") if line.lower().startswith("host:")), hosts[0])
    plain = behaviours.get(host) == "no-redirect"
    link.sendall(page(fields="") if plain else page(b"", "301 Moved Permanently", f"Location: https://{host}/\r\n"))


def serve_smtp(link: socket.socket, hosts: list[str], behaviours: dict[str, str]) -> None:
    """Greets, offers STARTTLS where there is a certificate, and says goodbye."""
    host = hosts[0]
    word, _, rest = behaviours.get(host, "").partition(" ")
    if word == "late":
        time.sleep(float(rest))
    link.sendall(f"220 {host} ESMTP\r\n".encode())
    speaker = link.makefile("rb")
    offers = (TLS / f"{host}.pem").exists() and word != "no-starttls"
    while line := speaker.readline(1024):
        command = line.split()[0].upper() if line.split() else b""
        if command == b"EHLO":
            link.sendall(f"250-{host}\r\n".encode() + (b"250-STARTTLS\r\n" if offers else b"") + b"250 8BITMIME\r\n")
        elif command == b"STARTTLS" and offers:
            link.sendall(b"220 go ahead\r\n")
            link = context(host, word).wrap_socket(link, server_side=True)
            speaker, offers = link.makefile("rb"), False
        elif command == b"QUIT":
            link.sendall(b"221 bye\r\n")
            return
        else:
            link.sendall(b"250 ok\r\n")


SERVERS = {"https": serve_https, "http": serve_http, "smtp": serve_smtp}


def meet(link: socket.socket, protocol: str, hosts: list[str], behaviours: dict[str, str]) -> None:
    """One connection; a client that leaves is no fault."""
    link.settimeout(LIMIT_S)
    with contextlib.suppress(OSError, ssl.SSLError), link:
        SERVERS[protocol](link, hosts, behaviours)


def listen(address: str, port: int, protocol: str, hosts: list[str], behaviours: dict[str, str]) -> None:
    """Accept on one address, for ever."""
    door = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    door.bind((address, port))
    door.listen(128)
    while True:
        link, _ = door.accept()
        threading.Thread(target=meet, args=(link, protocol, hosts, behaviours), daemon=True).start()


def main() -> None:
    """All doors until killed."""
    doors: dict[tuple[str, int, str], dict[str, str]] = {}
    for endpoint in json.loads(Path(sys.argv[1]).read_text()):
        for address in endpoint["addresses"]:
            doors.setdefault((address, endpoint["port"], endpoint["protocol"]), {})[endpoint["host"]] = endpoint["behaviour"]
    if any("bomb" in behaviours.values() for behaviours in doors.values()):
        bomb()
    for (address, port, protocol), behaviours in doors.items():
        threading.Thread(target=listen, args=(address, port, protocol, list(behaviours), behaviours), daemon=True).start()
    threading.Event().wait()


main()
