"""Texts in git: one commit a change, other paths stay, and what cannot be written is said."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from samdrift.adapters import git
from samdrift.model.errors import CouldNotRecord

AT = datetime(2026, 11, 24, 3, 30, tzinfo=UTC)


def keep(repository, path, text, message="changed"):
    return git.commit_text(repository, path, text, message=message, author="drift <x>", at=AT)


@pytest.fixture
def repository(tmp_path):
    git.make_repository(tmp_path / "are.git")
    return tmp_path / "are.git"


def test_each_text_is_a_commit_and_other_paths_stay(repository):
    first = keep(repository, "sw-1/running.txt", "a\n", "sw-1: first text\n\nRun: K-1\n")
    second = keep(repository, "sw-2/running.txt", "å\n")
    third = keep(repository, "sw-1/running.txt", "c\n")
    assert [one.id for one in git.history(repository, "sw-1/running.txt")] == [third, first]
    assert (git.read_text(repository, "sw-1/running.txt"), git.read_text(repository, "sw-2/running.txt")) == ("c\n", "å\n")
    assert git.read_text(repository, "sw-1/running.txt", second) == "a\n"
    assert git.history(repository, "sw-1/running.txt")[1] == git.Commit(first, "2026-11-24T03:30:00+00:00", "sw-1: first text")


def test_nothing_is_there_before_the_first_text(repository, tmp_path):
    for place in (repository, tmp_path / "none.git"):
        assert git.head(place) is None
        assert git.read_text(place, "sw-1/running.txt") is None
        assert git.history(place, "sw-1/running.txt") == ()


def test_a_repository_is_closed_to_others_and_made_once(repository):
    keep(repository, "a", "1\n")
    git.make_repository(repository)
    assert git.read_text(repository, "a") == "1\n"
    assert repository.stat().st_mode & 0o077 == 0


def test_a_damaged_repository_is_said_and_never_taken_for_an_empty_one(repository):
    keep(repository, "a", "1\n")
    blob = next(path for path in (repository / "objects").glob("??/*") if path.is_file())
    for path in (repository / "objects").glob("??/*"):
        path.chmod(0o600)
        path.write_bytes(b"")
    assert blob.exists()
    with pytest.raises(CouldNotRecord):
        keep(repository, "a", "2\n")
    with pytest.raises(CouldNotRecord):
        git.read_text(repository, "a")
