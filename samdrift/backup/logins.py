"""Logins: who may speak to a backup endpoint, as the lines of its file of users (backup.md B1)."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping

SHORTEST = 16
"""Characters of a password. They are made at random (43 characters); a short one that a person chose is refused."""
_USER = re.compile(r"[a-z][a-z0-9-]{0,60}")


def split_login(credential: str, user: str) -> tuple[str, str]:
    """User and password of `user:password`, or of a bare password with the expected user; ValueError for what no endpoint can take.

    >>> split_login("an-open-example-password", "krokom")
    ('krokom', 'an-open-example-password')
    """
    name, colon, password = credential.partition(":")
    if not colon:
        name, password = user, credential
    if not _USER.fullmatch(name):
        raise ValueError("its user is no name of letters, digits and hyphens")
    if len(password) < SHORTEST:
        raise ValueError(f"its password is shorter than {SHORTEST} characters")
    return name, password


def users_file(logins: Mapping[str, str]) -> str:
    """The htpasswd text of user → password, sorted; the same for the same logins, so that a second run changes nothing.

    SHA-1 without salt would not do for passwords that people think of. These are random, and the server hashes anew for every
    request of restic's: with bcrypt at its usual cost that is a tenth of a second of processor for each.
    """
    digests = {user: base64.b64encode(hashlib.sha1(word.encode(), usedforsecurity=False).digest()).decode() for user, word in sorted(logins.items())}
    return "".join(f"{user}:{{SHA}}{digest}\n" for user, digest in digests.items())
