"""A member's report says how its backups stand, what broke and what is proven."""

from samdrift.backup.report import ReportedBackup, member_section
from samdrift.model.backup_run import BackupReason
from samdrift.model.run import Outcome
from samdrift.model.text import Text
from tests.unit.backup.test_freshness import BACKUP, WELL, judged, proof, run


def test_the_section_names_states_breaches_and_proofs_in_swedish():
    bad = run(Outcome.PARTIAL, (BackupReason.SOURCE_MISSING,))
    section = member_section([ReportedBackup(BACKUP, judged(), (run(), bad), (proof(),))], Text("sv"))
    states, _, _, _, breaches, proofs, _ = section.tables
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


def test_shares_breaches_and_volumes_stand_in_their_tables():
    from dataclasses import replace

    from samdrift.backup.objectives import rpo_kept, rto_kept
    from samdrift.model.volume import RepositoryDay
    from tests.unit.backup.test_freshness import AT, H
    from tests.unit.backup.test_objectives import arrived

    kept = rpo_kept([arrived("hall", 24, 1)], ("hall",), 12 * 3600, AT - 24 * H, AT)
    days = [RepositoryDay("hall", "ostersund/common", (AT - day * 24 * H).date(), "ostersund", AT, 100 + day) for day in (2, 1, 0)]
    slow = rto_kept([replace(proof(seconds=7200), started_at=AT - 6 * H)], [], ("hall",), 3600, AT - 24 * H, AT, databases=False)
    section = member_section([ReportedBackup(BACKUP, judged(), (), (), kept, slow)], Text("sv"), days=days, expected_days=5)
    tables = {table.id: table.rows for table in section.tables}
    assert tables["backup-objectives"] == (("bookit", 28 * 3600, 50, 24 * 3600, 1, 3600, 0, 6 * 3600, 1),)
    assert tables["backup-rto-breaches"] == ((AT - 6 * H, AT, "bookit", "provet tog längre än målet"),)
    assert tables["backup-rpo-breaches"] == ((AT - 12 * H, AT, "bookit", "hall", "ingen körning"),)
    assert tables["backup-volumes"] == (("ostersund/common", "hall", 100, AT.date(), 2),)


def test_what_is_not_well_says_what_to_do_and_the_worst_comes_first():
    from dataclasses import replace

    from samdrift.backup.freshness import BackupRecord
    from samdrift.backup.report import to_do_section
    from tests.unit.backup.test_freshness import look

    away = judged(replace(WELL, looks=(look("hall"), look("are", up=False, reason=BackupReason.UNREACHABLE))))
    never = judged(BackupRecord())
    others = [BACKUP.model_copy(update={"id": name}) for name in ("asynja", "webb")]
    section = to_do_section([ReportedBackup(others[0], away, (), ()), ReportedBackup(others[1], never, (), ()), ReportedBackup(BACKUP, judged(), (), ())], Text("en"))
    (table,) = section.tables
    assert [row[0] for row in table.rows] == ["webb", "asynja"]
    assert table.rows[0][2] == "No run has been told of yet."
    assert table.rows[-1][2] == "The target does not answer: see the network and the target's process; times and recovery point stay."
    assert to_do_section([ReportedBackup(BACKUP, judged(), (), ())], Text("en")) is None
