"""An endpoint that accepts and says nothing costs its limit and no more."""

import socket
import threading
import time

from samdrift.adapters import rest_repository
from samdrift.adapters.limits import Limit
from samdrift.model.backup_run import BackupReason


def test_a_target_that_accepts_and_says_nothing_is_unreachable_within_its_limit(monkeypatch):
    monkeypatch.setattr(rest_repository, "LIMIT", Limit(1, 0.5, 2))
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        held = []
        thread = threading.Thread(target=lambda: held.append(listening.accept()), daemon=True)
        thread.start()
        began = time.monotonic()
        reason, text = rest_repository.probe(f"rest:http://a:secret-canary@127.0.0.1:{listening.getsockname()[1]}/a/common/", None)
        assert reason is BackupReason.UNREACHABLE
        assert "secret-canary" not in text
        assert time.monotonic() - began < 5
        thread.join(5)
        for connection, _ in held:
            connection.close()


def test_a_target_that_is_not_there_is_unreachable_at_once():
    reason, _ = rest_repository.probe("rest:http://127.0.0.1:9/a/common/", None)
    assert reason is BackupReason.UNREACHABLE


def test_a_folder_needs_no_probe():
    assert rest_repository.probe("/srv/backup/a/common", None) is None
