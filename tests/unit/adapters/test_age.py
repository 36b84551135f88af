"""age seals to several and either opens; a stranger's identity and a wrong recipient are told in a line."""

import subprocess

import pytest

from samdrift.adapters import age
from samdrift.model.errors import CouldNotObserve, WrongUse


def identity(folder, name):
    made = subprocess.run(["age-keygen"], capture_output=True, text=True, check=True).stdout
    (folder / name).write_text(made)
    return next(line.split(": ")[1] for line in made.splitlines() if line.startswith("# public key"))


def test_either_recipient_opens_it_and_a_stranger_does_not(tmp_path, program):
    program("age", "age")
    public = [identity(tmp_path, name) for name in ("a", "b")]
    identity(tmp_path, "stranger")
    sealed = age.seal("hemligt", public)
    assert b"hemligt" not in sealed
    assert [age.unseal(sealed, tmp_path / name) for name in ("a", "b")] == ["hemligt"] * 2
    with pytest.raises(CouldNotObserve, match="does not open it"):
        age.unseal(sealed, tmp_path / "stranger")


def test_what_is_no_recipient_is_refused(program):
    program("age", "age")
    with pytest.raises(WrongUse, match="does not seal"):
        age.seal("hemligt", ["age1nonsense"])
