"""A secret is read from a file that nobody else may read, and never shows."""

from __future__ import annotations

import pickle

import pytest

from samdrift.adapters.secrets import read_secret
from samdrift.model.errors import WrongUse


def test_a_file_that_others_may_read_is_refused_and_its_value_not_shown(tmp_path):
    path = tmp_path / "key"
    path.write_text("canary-7f3a")
    path.chmod(0o640)
    with pytest.raises(WrongUse) as caught:
        read_secret("file:key", folder=tmp_path)
    assert "mode 0640" in caught.value.message
    assert "canary" not in str(caught.value.lines())
    path.chmod(0o600)
    secret = read_secret("file:key", folder=tmp_path)
    assert secret.text() == "canary-7f3a"
    assert "canary" not in f"{secret} {secret!r} {secret!s} {[secret]}"
    with pytest.raises(TypeError):
        pickle.dumps(secret)


@pytest.mark.parametrize(
    ("reference", "said"),
    [
        ("vault:are/switch", "cannot be read yet"),
        ("file:../outside", "leaves the folder"),
        ("file:gone", "no such file"),
        ("credential:key", "no CREDENTIALS_DIRECTORY"),
        ("canary-in-clear", "no reference to a secret"),
    ],
)
def test_what_cannot_be_read_is_refused_in_one_line(tmp_path, monkeypatch, reference, said):
    monkeypatch.delenv("CREDENTIALS_DIRECTORY", raising=False)
    with pytest.raises(WrongUse, match=said) as caught:
        read_secret(reference, folder=tmp_path)
    assert "canary" not in caught.value.message


def test_a_credential_comes_from_systemd_s_folder(tmp_path, monkeypatch):
    (tmp_path / "key").write_text("value\n")
    (tmp_path / "key").chmod(0o400)
    monkeypatch.setenv("CREDENTIALS_DIRECTORY", str(tmp_path))
    assert read_secret("credential:key").reveal() == b"value"
