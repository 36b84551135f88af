"""Backup target: where repositories lie, at which site, and how they are protected (backup.md B2)."""

from __future__ import annotations

from typing import Literal

from samdrift.model.fields import Bytes, Id, Noun, Ref, Seconds, SecretRef, Text
from samdrift.model.nouns import NounSpec


class BackupTarget(Noun):
    """`url` is the append-only TLS endpoint of kind rest; `path` the folder of kind local (`state:` = under the state folder)."""

    id: Id
    """The target's id. For example: hall"""
    site: Ref
    """Where it stands. For example: hall-ostersund"""
    role: Literal["primary", "disaster"]
    """The primary target, or the disaster site's. For example: primary"""
    kind: Literal["rest", "local"]
    """An append-only server, or a folder. For example: rest"""
    url: Text | None = None
    """Address of the append-only server. For example: https://backup.hall.example:8000"""
    pull_url: Text | None = None
    """Address that only reads: the disaster site pulls from it, and hosts restore from a folder's. For example: https://backup.hall.example:8001"""
    path: Text | None = None
    """The folder; state: is below the state folder. For example: state:backup/hall"""
    device: Ref | None = None
    """The device that it lies on. For example: hall-backup-1"""
    ca: SecretRef | None = None
    """The authority that signed its certificate. For example: file:ca/backup.pem"""
    certificate: SecretRef | None = None
    """The certificate that its endpoints show, for `set-up-backup-target.yml`. For example: file:hall/tls.pem"""
    certificate_key: SecretRef | None = None
    """The private key of its certificate, read below SAMDRIFT_SECRETS alone. For example: file:hall/tls.key"""
    pulls_from: Ref | None = None
    """The target that it copies from. For example: hall"""
    pull_credential: SecretRef | None = None
    """Login `user:password` of the one that may only read at `pull_url` of `pulls_from`."""
    ballast: Bytes | None = None
    """Space kept free for a clearing-up. For example: 2 GiB"""
    quotas: dict[Ref, Bytes] = {}
    """Member to the space it may fill. For example: {bracke: 2 TiB}"""
    limit_download: Text | None = None
    """The most that a pull takes of the line. For example: 20 MiB/s"""
    limit_upload: Text | None = None
    """The most that a host's run takes of the line. For example: 10 MiB/s"""
    check_period: Seconds = 28 * 86_400
    """Within this every byte is read once: a slice a day. For example: 28 d"""
    escrow: tuple[Text, ...] = ()
    """Who holds the keys in escrow. For example: age:region-jh/1"""


NOUN = NounSpec("backup-targets", "backup target", BackupTarget)
