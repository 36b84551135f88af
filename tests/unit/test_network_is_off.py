"""The walls around pure tests hold."""

import socket

import pytest


def test_a_pure_test_cannot_open_a_connection():
    with socket.socket() as probe, pytest.raises(RuntimeError, match="without network"):
        probe.connect(("127.0.0.1", 9))


def test_a_pure_test_cannot_ask_for_a_name():
    with pytest.raises(RuntimeError, match="without network"):
        socket.getaddrinfo("bracke.example", 53)


def test_a_unix_socket_stays_open_to_a_pure_test(tmp_path):
    path = str(tmp_path / "s")
    with socket.socket(socket.AF_UNIX) as server, socket.socket(socket.AF_UNIX) as client:
        server.bind(path)
        server.listen()
        client.connect(path)
