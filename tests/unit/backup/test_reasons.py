"""Every reason that a backup may give has one line that says what to do, in both languages and on the how-to page."""

from pathlib import Path

import pytest

from samdrift.model.backup_run import BackupReason
from samdrift.model.text import Text

PAGE = (Path(__file__).resolve().parents[3] / "docs" / "howto" / "back-up-and-restore.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("reason", list(BackupReason))
def test_a_reason_says_what_to_do_in_one_line(reason):
    swedish, english = (Text(language)(f"backup.do.{reason}") for language in ("sv", "en"))
    assert swedish != english
    for line in (swedish, english):
        assert "\n" not in line
        assert 20 < len(line) < 160
    assert f"| `{reason}` | {english} |" in PAGE
