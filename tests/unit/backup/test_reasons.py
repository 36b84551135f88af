"""Every reason that a backup may give has one line that says what to do, in both languages and on the how-to page."""

import json
from pathlib import Path

import pytest

from samdrift.model.backup_run import BackupReason
from samdrift.model.text import Text

DOCS = Path(__file__).resolve().parents[3] / "docs"
PAGE = (DOCS / "howto" / "back-up-and-restore.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("reason", list(BackupReason))
def test_a_reason_says_what_to_do_in_one_line(reason):
    swedish, english = (Text(language)(f"backup.do.{reason}") for language in ("sv", "en"))
    assert swedish != english
    for line in (swedish, english):
        assert "\n" not in line
        assert 20 < len(line) < 160
    assert f"| `{reason}` | {english} |" in PAGE


@pytest.mark.parametrize("kind", ["backup", "backup-run"])
def test_the_schemas_know_exactly_these_reasons(kind):
    schema = json.loads((DOCS / "reference" / "schemas" / f"{kind}.json").read_text(encoding="utf-8"))
    found = schema["properties"]["items"]["items"]["properties"]["reasons"]["items"]["enum"]
    assert sorted(found) == sorted(reason.value for reason in BackupReason)
