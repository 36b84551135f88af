"""Backup target: where repositories lie, at which site, and how they are protected (backup.md B2)."""

from __future__ import annotations

from typing import Literal

from samdrift.model.fields import Bytes, Id, Noun, Ref, SecretRef, Text
from samdrift.model.nouns import NounSpec


class BackupTarget(Noun):
    """`url` is the append-only TLS endpoint of kind rest; `path` the folder of kind local (`state:` = under the state folder)."""

    id: Id
    site: Ref
    role: Literal["primary", "disaster"]
    kind: Literal["rest", "local"]
    url: Text | None = None
    pull_url: Text | None = None
    path: Text | None = None
    device: Ref | None = None
    ca: SecretRef | None = None
    pulls_from: Ref | None = None
    pull_credential: SecretRef | None = None
    """Login `user:password` of the one that may only read at `pull_url` of `pulls_from`."""
    ballast: Bytes | None = None
    quotas: dict[Ref, Bytes] = {}
    limit_download: Text | None = None
    escrow: tuple[Text, ...] = ()


NOUN = NounSpec("backup-targets", "backup target", BackupTarget)
