"""Git: keeps texts in a bare repository, each change one commit that is there whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from samdrift.adapters.files import make_folder
from samdrift.adapters.limits import PROGRAM_SECONDS
from samdrift.adapters.process import Ended, run
from samdrift.model.errors import CouldNotRecord

BRANCH = "refs/heads/main"
ENVIRONMENT: Mapping[str, str] = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_TERMINAL_PROMPT": "0"}
SAFE = ("-c", "core.fsync=all", "-c", "safe.directory=*", "-c", "core.hooksPath=/dev/null", "-c", "gc.auto=0")


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit: its whole hash, the author's instant in RFC 3339, and its subject."""

    id: str
    at: str
    subject: str


def _git(repository: Path, *arguments: str, stdin: bytes | None = None, env: Mapping[str, str] | None = None) -> Ended:
    return run(
        ["git", *SAFE, f"--git-dir={repository}", *arguments], limit_seconds=PROGRAM_SECONDS["git"], stdin=stdin, env={**ENVIRONMENT, **(env or {})},
    )  # fmt: skip


def _said(repository: Path, *arguments: str, stdin: bytes | None = None, env: Mapping[str, str] | None = None) -> str:
    ended = _git(repository, *arguments, stdin=stdin, env=env)
    if ended.code != 0 or ended.timed_out:
        raise CouldNotRecord(f"git {arguments[0]} in {repository}: {ended.said or 'no word'}", help="free space, or see who may write there")
    return ended.stdout.decode().strip()


def make_repository(repository: Path) -> None:
    """A bare repository that others cannot read, unless it is there."""
    if not (repository / "HEAD").exists():
        make_folder(repository)
        _said(repository, "init", "--quiet", "--bare", "--initial-branch=main")


def head(repository: Path) -> str | None:
    """The newest commit, None without one."""
    if not (repository / "HEAD").exists():
        return None
    ended = _git(repository, "rev-parse", "--verify", "--quiet", f"{BRANCH}^{{commit}}")
    return ended.stdout.decode().strip() or None if ended.code == 0 else None


def read_text(repository: Path, path: str, commit: str = BRANCH) -> str | None:
    """The text of a path at a commit, None when it has none there."""
    if not (repository / "HEAD").exists():
        return None
    ended = _git(repository, "cat-file", "blob", f"{commit}:{path}")
    if ended.code == 0 and not ended.cut:
        return ended.stdout.decode()
    if b"does not exist" in ended.stderr or b"valid object name" in ended.stderr.lower():
        return None
    raise CouldNotRecord(f"git cat-file in {repository}: {ended.said or 'the text is too large'}", help="see git fsck of that repository")


def history(repository: Path, path: str, *, limit: int = 1000) -> tuple[Commit, ...]:
    """The commits that changed a path, the newest first."""
    if head(repository) is None:
        return ()
    lines = _said(repository, "log", f"--max-count={limit}", "--format=%H%x09%aI%x09%s", BRANCH, "--", path).splitlines()
    return tuple(Commit(*line.split("\t", 2)) for line in lines)


def commit_text(repository: Path, path: str, text: str, *, message: str, author: str, at: datetime) -> str:
    """Add one commit with the path's new text; gives its hash. Killed at any point, the branch is the old or the new."""
    before = head(repository)
    blob = _said(repository, "hash-object", "-w", "--stdin", stdin=text.encode())
    tree = _with_blob(repository, before, path.split("/"), blob)
    moment, name = f"@{int(at.timestamp())} +0000", author.replace("<", "").replace(">", "").strip() or "unknown"
    env = {
        "GIT_AUTHOR_NAME": name, "GIT_AUTHOR_EMAIL": "", "GIT_AUTHOR_DATE": moment, "GIT_COMMITTER_NAME": "samdrift", "GIT_COMMITTER_EMAIL": "",
        "GIT_COMMITTER_DATE": moment,
    }  # fmt: skip
    parents = ["-p", before] if before else []
    made = _said(repository, "commit-tree", tree, *parents, stdin=message.encode(), env=env)
    _said(repository, "update-ref", BRANCH, made, before or "0" * 40)
    return made


def _with_blob(repository: Path, commit: str | None, parts: Sequence[str], blob: str) -> str:
    """A tree like the commit's, with the blob at the path; folders on the way are made."""
    tree = _said(repository, "rev-parse", f"{commit}^{{tree}}") if commit else None
    return _mend(repository, tree, parts, blob)


def _mend(repository: Path, tree: str | None, parts: Sequence[str], blob: str) -> str:
    rows = dict(_rows(repository, tree)) if tree else {}
    name, rest = parts[0], parts[1:]
    if rest:
        kind, below = rows.get(name, ("", ""))
        rows[name] = ("040000 tree", _mend(repository, below if kind.endswith("tree") else None, rest, blob))
    else:
        rows[name] = ("100644 blob", blob)
    listed = b"".join(f"{kind} {identity}\t{entry}".encode() + b"\0" for entry, (kind, identity) in sorted(rows.items()))
    return _said(repository, "mktree", "-z", stdin=listed)


def _rows(repository: Path, tree: str) -> list[tuple[str, tuple[str, str]]]:
    """(name, (mode and kind, hash)) of a tree's entries."""
    listed = _git(repository, "ls-tree", "-z", tree).stdout.decode()
    found = []
    for row in filter(None, listed.split("\0")):
        facts, _, name = row.partition("\t")
        mode, kind, identity = facts.split()
        found.append((name, (f"{mode} {kind}", identity)))
    return found
