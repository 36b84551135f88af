"""Where the daemon listens: loopback unless told, and elsewhere only with TLS and users, or by plain will (reliability.md D4)."""

from __future__ import annotations

import ipaddress
import re
import socket
from collections.abc import Sequence

from samdrift.model.errors import WrongUse

DEFAULT = "127.0.0.1:9817"
_ADDRESS = re.compile(r"(?:\[(?P<v6>[0-9A-Fa-f:.]+)\]|(?P<v4>[0-9.]+)|(?P<name>localhost)):(?P<port>[0-9]{1,5})")


def read_address(text: str) -> tuple[str, int]:
    """(address, port) of `127.0.0.1:9817`, `[::1]:9817` or `localhost:0`; WrongUse says the form."""
    found = _ADDRESS.fullmatch(text)
    if found and int(found["port"]) < 65_536:
        address = "127.0.0.1" if found["name"] else found["v6"] or found["v4"]
        try:
            return str(ipaddress.ip_address(address)), int(found["port"])
        except ValueError:
            pass
    raise WrongUse(f"--listen {text}: no address and port", help="write 127.0.0.1:9817 or [::1]:9817; port 0 takes a free one")


def require_safe(addresses: Sequence[tuple[str, int]], *, insecure: bool) -> None:
    """WrongUse when one is off loopback and nothing protects it."""
    bare = [address for address, _ in addresses if not ipaddress.ip_address(address).is_loopback]
    if bare and not insecure:
        raise WrongUse(f"{bare[0]} is no loopback address, and TLS and users (--web-config) come in a later version", help="listen on 127.0.0.1 behind a proxy, or say --insecure in a closed network")


def bind(addresses: Sequence[tuple[str, int]]) -> list[socket.socket]:
    """Listening sockets; WrongUse names the address that cannot be had."""
    bound: list[socket.socket] = []
    for address, port in addresses:
        family = socket.AF_INET6 if ":" in address else socket.AF_INET
        opened = socket.socket(family, socket.SOCK_STREAM)
        try:
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            if family == socket.AF_INET6:
                opened.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
            opened.bind((address, port))
            opened.listen(128)
        except OSError as error:
            for one in (opened, *bound):
                one.close()
            raise WrongUse(f"cannot listen on {address} port {port}: {(error.strerror or str(error)).lower()}") from error
        bound.append(opened)
    return bound
