"""What a storage host is handed: its targets' folders, endpoints and logins, tried before they leave; a login that lacks is made once."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from samdrift.model.errors import SamdriftError, UnknownId, WrongUse
from samdrift.model.nouns.backup_target import BackupTarget
from samdrift.operations.hand_out_target import hand_out_target, target_item
from samdrift.operations.load_inventory import load_inventory
from samdrift.store.store import open_store
from tests.lab.labkit.authority import Authority

ROOT = Path(__file__).resolve().parents[3]
HALL = {
    "id": "hall", "site": "hall-ostersund", "role": "primary", "kind": "rest", "device": "hall-backup-1", "path": "/srv/backup/", "ballast": "2 GiB", "ca": "file:ca.pem",
    "url": "https://backup.hall.example:8000", "pull_url": "https://backup.hall.example:8001", "certificate": "file:hall/tls.pem", "certificate_key": "file:hall/tls.key",
}  # fmt: skip
ARE = {
    "id": "disaster", "site": "hall-are", "role": "disaster", "kind": "local", "device": "are-backup-1", "path": "/srv/backup", "ca": "file:ca.pem", "pulls_from": "hall",
    "pull_url": "https://backup.hall.example:8001", "certificate": "file:hall/tls.pem", "certificate_key": "file:hall/tls.key", "pull_credential": "file:disaster/pull",
}  # fmt: skip


class Ground:
    def __init__(self, folder, inventory, authority):
        self.folder, self.inventory, self.secrets = folder, inventory, folder / "secrets"
        (self.secrets / "hall").mkdir(parents=True)
        for made, name in zip(authority.issue("hall", ["backup.hall.example"]), ("tls.pem", "tls.key"), strict=True):
            shutil.copy(made, self.secrets / "hall" / name)
        (folder / "files").mkdir()
        shutil.copy(authority.certificate, folder / "files" / "ca.pem")

    def handed(self, device="hall-backup-1", *, make=True, hall=HALL, are=ARE):
        targets = tuple(BackupTarget.model_validate(one) for one in (hall, are))
        inventory = replace(self.inventory, root=str(self.folder), objects={**self.inventory.objects, "backup-targets": targets})
        with open_store(self.folder / "state", create=True) as store:
            return hand_out_target(inventory, store, device, who="a-test", make=make)

    def secret(self, name, text, mode=0o600):
        path = self.secrets / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
        path.chmod(mode)


@pytest.fixture(scope="module")
def inventory():
    return load_inventory(ROOT / "inventory")


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    return Authority(tmp_path_factory.mktemp("tls"))


@pytest.fixture
def ground(tmp_path, inventory, authority, monkeypatch):
    monkeypatch.setenv("SAMDRIFT_SECRETS", str(tmp_path / "secrets"))
    return Ground(tmp_path, inventory, authority)


def users(endpoint):
    return [line.partition(":")[0] for line in endpoint.users.splitlines()]


def test_owners_append_each_below_its_own_name_and_the_other_site_reads_all(ground):
    (kept,) = ground.handed()
    append, read = kept.endpoints
    assert (kept.folder, kept.ballast_bytes) == ("/srv/backup", 2 * 2**30)
    assert (append.name, append.port, append.writes, append.private, users(append)) == ("hall-append", 8000, True, True, ["krokom", "ostersund"])
    assert (read.name, read.port, read.writes, read.private, users(read)) == ("hall-read", 8001, False, False, ["disaster"])
    assert kept.unresolved["bracke"] == "vault:bracke/backup cannot be read yet"
    assert target_item(kept)["status"] == "warning"


def test_a_folder_is_served_read_only_to_its_owners_each_its_own(ground):
    (kept,) = ground.handed("are-backup-1")
    (read,) = kept.endpoints
    assert (read.name, read.writes, read.private, users(read)) == ("disaster-read", False, True, ["krokom", "ostersund"])
    assert ground.handed("are-backup-1", are={key: value for key, value in ARE.items() if key != "pull_url"})[0].endpoints == ()


def test_logins_that_lack_are_made_once_and_never_handed_out(ground):
    (planned,) = ground.handed(make=False)
    assert not (ground.secrets / "ostersund" / "backup").exists()
    assert users(planned.endpoints[0]) == []
    (first,) = ground.handed()
    assert set(first.made) == {"file:krokom/backup", "file:ostersund/backup", "file:disaster/pull"}
    path = ground.secrets / "ostersund" / "backup"
    assert path.stat().st_mode & 0o777 == 0o600
    (again,) = ground.handed()
    assert (again.made, again.endpoints) == ((), first.endpoints)
    assert path.read_text().strip() not in json.dumps(first.to_json())
    assert "PRIVATE KEY" not in json.dumps(target_item(first)) + repr(first)


def test_a_host_that_keeps_no_target_has_nothing_and_one_that_is_not_there_is_unknown(ground):
    assert ground.handed("ost-lib-1") == []
    with pytest.raises(UnknownId):
        ground.handed("no-such")


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"path": None}, "names no folder"),
        ({"path": "backup"}, "names no folder"),
        ({"certificate": None}, "names no certificate"),
        ({"ca": None}, "names no certificate"),
        ({"url": "https://other.example:8000"}, "Hostname mismatch"),
        ({"certificate": "file:hall/none.pem"}, "is not there"),
        ({"certificate_key": "vault:hall/key"}, "cannot be read yet"),
    ],
)
def test_what_the_inventory_lacks_is_one_line(ground, change, said):
    hall = {key: value for key, value in {**HALL, **change}.items() if value is not None}
    with pytest.raises(SamdriftError) as refused:
        ground.handed(hall=hall)
    assert said in "\n".join(refused.value.lines())


@pytest.mark.parametrize(
    ("login", "mode", "said"),
    [
        ("short", 0o600, "shorter than"),
        ("krokom:long-enough-and-of-krokom", 0o600, "is the login of krokom"),
        ("long-enough-but-open", 0o644, "others may read"),
    ],
)
def test_a_login_that_would_not_do_is_refused_without_showing_it(ground, login, mode, said):
    ground.secret("ostersund/backup", login, mode)
    with pytest.raises(WrongUse, match=said) as refused:
        ground.handed()
    assert login.partition(":")[2] not in str(refused.value) or ":" not in login
