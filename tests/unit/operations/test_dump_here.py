"""A producer that dies is told as that, however hard restic had to be ended for it."""

from __future__ import annotations

import pytest

from samdrift.adapters import restic
from samdrift.adapters.pipe import TAKER_GONE, Piped
from samdrift.adapters.process import Ended
from samdrift.model.backup_job import BackupJob, JobDump
from samdrift.operations.dump_here import Dumper


def dumped(monkeypatch, tmp_path, piped):
    monkeypatch.setattr(restic, "backup_stream", lambda *_, **__: piped)
    job = BackupJob("b", "K-1", "host", (), 60, str(tmp_path), "key", None)
    return Dumper(job, restic.Access(str(tmp_path), "key"), tmp_path, 60.0).dump(JobDump("journal", "command", command=("sh", "-c", "exit 3")))


@pytest.mark.parametrize("code", [130, -2, -9, 1])
def test_restic_interrupted_for_a_dead_producer_is_a_failed_dump(monkeypatch, tmp_path, code):
    facts = dumped(monkeypatch, tmp_path, Piped(Ended(3, b"", b"no such table"), None, Ended(code, b"", b""), 5, "", "the producer ended with 3"))
    assert facts.failure == "journal: the producer ended with 3: no such table"
    assert facts.snapshot is None


def test_restic_that_ended_by_itself_is_what_failed(monkeypatch, tmp_path):
    with pytest.raises(restic.ResticFailed, match="no space left"):
        dumped(monkeypatch, tmp_path, Piped(Ended(-15, b"", b""), None, Ended(1, b"", b"Fatal: no space left on device"), 5, "", TAKER_GONE))
