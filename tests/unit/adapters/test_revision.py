"""What git keeps is read without touching the working tree, and a folder's commit without running git."""

from __future__ import annotations

import subprocess

import pytest

from samdrift.adapters.commit import UNKNOWN, commit_of
from samdrift.adapters.revision import files_at
from samdrift.model.errors import WrongUse


def git(folder, *arguments):
    line = ["git", "-C", str(folder), "-c", "user.name=test", "-c", "user.email=test@drift.example", *arguments]
    return subprocess.run(line, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def repository(tmp_path):
    folder = tmp_path / "inventory"
    (folder / "devices").mkdir(parents=True)
    (folder / "devices/are.yml").write_text("devices: []\n", encoding="utf-8")
    git(tmp_path, "init", "-q")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "-q", "-m", "one")
    return folder


def test_files_are_those_of_the_commit_by_their_path_below_the_folder(repository):
    (repository / "devices/are.yml").write_text("changed\n", encoding="utf-8")
    assert files_at("HEAD", repository) == {"devices/are.yml": b"devices: []\n"}


@pytest.mark.parametrize("revision", ["nosuch", "--output=x"])
def test_a_revision_that_is_none_is_named(repository, revision):
    with pytest.raises(WrongUse, match=revision):
        files_at(revision, repository)


def test_the_commit_is_that_of_head_also_when_refs_are_packed_or_head_is_detached(repository):
    head = git(repository, "rev-parse", "HEAD")
    assert commit_of(repository) == head
    git(repository, "pack-refs", "--all")
    assert commit_of(repository) == head
    git(repository, "checkout", "-q", "--detach")
    assert commit_of(repository) == head


def test_without_git_the_commit_is_unknown(tmp_path):
    (tmp_path / ".git").write_text("gitdir: nowhere\n", encoding="utf-8")
    assert commit_of(tmp_path) == UNKNOWN
