"""Program of the web part: web.py ENDPOINTS.json TLS-FOLDER. Picks the certificate by the name asked for (SNI), each time anew."""

from __future__ import annotations

import contextlib
import json
import socket
import ssl
import sys
import threading
from pathlib import Path

TLS = Path(sys.argv[2])
LIMIT_S = 10
PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n"


def context(host: str) -> ssl.SSLContext:
    """A context with the host's certificate as it lies in the folder now."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(TLS / f"{host}.pem", TLS / f"{host}.key")
    return made


def serve_https(link: socket.socket, hosts: list[str]) -> None:
    """One request, one page."""

    def choose(session: ssl.SSLObject, name: str | None, _: ssl.SSLContext) -> None:
        if name in hosts:
            session.context = context(str(name))

    usual = context(hosts[0])
    usual.sni_callback = choose
    with usual.wrap_socket(link, server_side=True) as session:
        session.recv(65_536)
        session.sendall(PAGE)
        with contextlib.suppress(OSError):
            session.unwrap()


def serve_smtp(link: socket.socket) -> None:
    """Greets, and says goodbye to whatever comes."""
    link.sendall(b"220 lab.example ESMTP\r\n")
    link.recv(1024)
    link.sendall(b"221 bye\r\n")


def meet(link: socket.socket, protocol: str, hosts: list[str]) -> None:
    """One connection; a client that leaves is no fault."""
    link.settimeout(LIMIT_S)
    with contextlib.suppress(OSError, ssl.SSLError), link:
        if protocol == "https":
            serve_https(link, hosts)
        else:
            serve_smtp(link)


def listen(address: str, port: int, protocol: str, hosts: list[str]) -> None:
    """Accept on one address, for ever."""
    door = socket.socket(socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM)
    door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    door.bind((address, port))
    door.listen(128)
    while True:
        link, _ = door.accept()
        threading.Thread(target=meet, args=(link, protocol, hosts), daemon=True).start()


def main() -> None:
    """All doors until killed."""
    doors: dict[tuple[str, int, str], list[str]] = {}
    for endpoint in json.loads(Path(sys.argv[1]).read_text()):
        for address in endpoint["addresses"]:
            doors.setdefault((address, endpoint["port"], endpoint["protocol"]), []).append(endpoint["host"])
    for (address, port, protocol), hosts in doors.items():
        threading.Thread(target=listen, args=(address, port, protocol, hosts), daemon=True).start()
    threading.Event().wait()


main()
