"""Secret files: judged by their first line alone, never opened further (I21)."""

from __future__ import annotations

from samdrift.model.problem import Place, Problem

_SOPS = b"sops:"


def judge(file: str, path: str, content: bytes) -> Problem | None:
    """`secret-file-in-clear` without ansible-vault's header, `vault-id-mismatch` when it bears another member's id."""
    member = path.removeprefix("secrets/").removesuffix(".yml")
    header = content.split(b"\n", 1)[0].rstrip(b"\r")
    if not header.startswith(b"$ANSIBLE_VAULT;"):
        if _SOPS in content:
            return None
        return Problem(
            Place(file),
            "secret-file-in-clear",
            "this file is not encrypted",
            f"ansible-vault encrypt --encrypt-vault-id {member} {file}",
        )
    fields = header.decode(errors="replace").split(";")
    label = fields[3] if len(fields) > 3 else ""
    if label != member:
        shown = label[:41] or "no vault id"
        return Problem(
            Place(file),
            "vault-id-mismatch",
            f"the file is encrypted for {shown}, not for {member}",
            f"ansible-vault rekey --new-vault-id {member} {file}",
        )
    return None
