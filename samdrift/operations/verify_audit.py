"""Verify the audit chain: of the store with its key, or of a member's export without the store (reliability.md A2, A3)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from samdrift.adapters.files import read_file
from samdrift.adapters.limits import SIZES
from samdrift.model.audit_export import verify_export
from samdrift.model.errors import WrongUse
from samdrift.model.period import rfc3339
from samdrift.store import Store, audit


def verify_audit(store: Store) -> dict[str, Any]:
    """One item of samdrift/audit. KeyMissing (exit 3) when the chain's key is not in the state folder."""
    with store.read() as connection:
        found = audit.verify(connection)
    return {
        "entries": found.entries,
        "head": found.head,
        "head_at": rfc3339(found.head_at) if found.head_at else None,
        "whole": found.whole,
        "first_bad": found.fault.seq if found.fault else None,
        "damage": found.fault.damage if found.fault else None,
    }


def verify_audit_file(path: Any) -> dict[str, Any]:
    """The same of a file that `audit export --output json` wrote, without store or key; WrongUse when it is none."""
    content = read_file(path, limit_bytes=SIZES["archive"])
    try:
        document = json.loads(content)
        if not isinstance(document, Mapping) or document.get("schema") != "samdrift/audit-entry":
            raise ValueError("another schema")
        return verify_export(document["items"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise WrongUse(f"{path} is no export of the audit chain: {error}", help="write one: samdrift audit export --member ID --output json") from None
