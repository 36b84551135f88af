"""An own fault leaves its record where whoever mends it can read it."""

import tempfile

import pytest

from samdrift.cli.frame.fault_record import record


@pytest.fixture
def fault():
    try:
        raise ZeroDivisionError("no figure of a member")
    except ZeroDivisionError as error:
        return error


def test_the_record_lies_in_the_state_folder(fault, tmp_path):
    path = record(fault, tmp_path)
    assert path.parent == tmp_path / "faults"
    assert "ZeroDivisionError" in path.read_text()
    assert path.stat().st_mode & 0o777 == 0o600


def test_without_a_state_folder_it_lies_in_tmpdir_though_another_folder_was_used_before(fault, tmp_path, monkeypatch):
    (tmp_path / "library").mkdir()
    (tmp_path / "named").mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "library"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "named"))
    assert record(fault, tmp_path / "no-state").parent == tmp_path / "named"


def test_a_tmpdir_that_takes_nothing_leaves_the_next(fault, tmp_path, monkeypatch):
    (tmp_path / "library").mkdir()
    (tmp_path / "file").touch()
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "library"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "file"))
    assert record(fault, tmp_path / "no-state").parent == tmp_path / "library"


def test_where_nothing_takes_it_there_is_none_and_no_second_fault(fault, tmp_path, monkeypatch):
    def none():
        raise FileNotFoundError("no usable temporary directory")

    monkeypatch.setattr(tempfile, "gettempdir", none)
    monkeypatch.delenv("TMPDIR", raising=False)
    assert record(fault, tmp_path / "no-state") is None
