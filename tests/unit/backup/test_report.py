"""A member's report says how its backups stand, what broke and what is proven."""

from samdrift.backup.report import ReportedBackup, member_section
from samdrift.model.backup_run import BackupReason
from samdrift.model.run import Outcome
from samdrift.model.text import Text
from tests.unit.backup.test_freshness import BACKUP, WELL, judged, proof, run


def test_the_section_names_states_breaches_and_proofs_in_swedish():
    bad = run(Outcome.PARTIAL, (BackupReason.SOURCE_MISSING,))
    section = member_section([ReportedBackup(BACKUP, judged(), (run(), bad), (proof(),))], Text("sv"))
    states, breaches, proofs = section.tables
    assert section.title == "Säkerhetskopiering"
    assert section.sentences == ("1 av 1 säkerhetskopior är bra; 1 återläsningar är bevisade.",)
    assert [row[0] for row in states.rows] == ["bookit"]
    assert [row[3] for row in breaches.rows] == ["source-missing"]
    assert proofs.rows[0][8] == proof().digest
    assert all(len(row) == len(table.columns) for table in section.tables for row in table.rows)


def test_the_same_rows_give_the_same_section():
    given = [ReportedBackup(BACKUP, judged(WELL), WELL.runs, WELL.proofs)]
    assert member_section(given, Text("en")) == member_section(list(given), Text("en"))


def test_a_member_without_backups_is_told_so():
    assert member_section((), Text("en")).missing == ("There are no backups to report.",)
