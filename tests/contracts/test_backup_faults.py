"""Every fault that a backup must survive has its test on the real program, and here is which (backup.md 8)."""

from __future__ import annotations

import ast

import pytest

from tests.contracts.folders import ROOT

FAULTS = {
    "F1 target full": "test_backup_isolation::test_a_full_target_is_told_as_full_and_nothing_is_deleted_to_make_room",
    "F2 network away 20 s": "test_backup_faults::test_a_network_that_is_away_for_20_s_ends_well",
    "F2 network away for good": "test_backup_faults::test_a_network_that_stays_away_ends_at_the_deadline_and_what_came_is_used_again",
    "F3 kill -9 leaves a lock": "test_backup::test_restic_killed_leaves_a_lock_that_stops_neither_the_next_run_nor_a_check",
    "F3 locks by lease": "test_backup_isolation::test_a_lock_is_cleared_by_its_lease_alone_and_by_its_name",
    "F4 bytes flipped in a pack": "test_backup_damage::test_a_flipped_pack_is_named_with_its_files_and_healed_from_the_other_site",
    "F5 pack cut": "test_backup_damage::test_the_disaster_site_is_healed_from_the_hall",
    "F5 pack gone": "test_backup_damage::test_a_pack_that_no_other_site_has_is_listed_as_lost_with_files_and_members",
    "F6 index gone or cut": "test_backup_damage::test_a_broken_index_is_named_and_made_anew",
    "F6 config, keys gone": "test_backup_damage::test_config_and_keys_that_are_gone_are_told_apart_from_a_wrong_key_and_come_back",
    "F7 wrong key": "test_backup::test_a_wrong_key_is_told_as_such",
    "F7 refused, certificate": "test_backup::test_a_wrong_login_is_refused_and_a_stranger_certificate_not_accepted",
    "F8 snapshot dated 2031": "test_backup::test_a_snapshot_of_no_known_run_dated_ahead_moves_no_recovery_point",
    "F9 dump dies half way, or is short": "test_backup_databases::test_a_dump_that_is_not_whole_leaves_no_snapshot",
    "F10 one of two paths gone": "test_backup::test_one_of_two_paths_gone_is_partial_and_moves_no_recovery_point",
    "F10 path is a link": "test_backup::test_a_declared_path_that_is_a_link_fails",
    "F11 not mounted": "test_backup::test_an_unmounted_and_an_empty_source_fail",
    "F12 unreadable file": "test_backup::test_an_unreadable_file_is_partial_with_its_name",
    "F13 encrypted source": "test_backup_faults::test_an_encrypted_source_is_suspect_copied_faithfully_and_moves_no_recovery_point",
    "F14 attack on retention": "test_retention_attack::test_all_four_real_ones_stay_where_restics_own_policies_lose_them",
    "F15 bad snapshot copied": "test_backup_faults::test_an_encrypted_source_is_suspect_copied_faithfully_and_moves_no_recovery_point",
    "F16 two runs at once": "test_backup::test_two_runs_at_once_end_with_75_for_the_second",
    "F17 rolled back": "test_backup_faults::test_a_repository_that_was_rolled_back_is_told_and_nothing_is_pulled_over_it",
    "F17 replaced": "test_backup_faults::test_another_repository_under_the_same_key_gets_nothing_written",
    "F18 pack cut while received": "test_backup_damage::test_a_pack_cut_while_it_was_received_is_a_leftover_and_no_damage",
    "F19 junk in snapshots": "test_backup_damage::test_junk_that_stops_every_run_is_set_aside_and_the_next_run_is_well",
    "F20 a client adds a key": "test_backup_damage::test_a_key_of_nobody_is_named_and_pages",
    "F21 killed in a run": "test_backup_databases::test_our_own_process_killed_in_a_dump_leaves_no_stump",
    "F21 killed in a copy": "test_backup_faults::test_a_killed_copy_is_done_again_and_harms_nothing",
    "F21 killed in healing": "test_backup_faults::test_a_killed_healing_is_ended_by_the_next",
    "F21 killed in a drill": "test_backup::test_a_drill_that_is_killed_leaves_scratch_that_the_next_one_wipes",
    "F22 prune meets a run": "test_retention_attack::test_prune_waits_for_nobody_and_a_hold_keeps_all",
    "F22 prune meets a pull": "test_retention_attack::test_prune_meets_a_pull_in_progress_and_waits_for_nobody",
    "F23 store lost": "test_backup_faults::test_a_lost_store_takes_arrivals_from_file_times_and_trusts_no_snapshot_until_it_is_reviewed",
    "F24 no room for a drill": "test_backup_faults::test_no_room_for_a_drill_is_could_not_be_held_and_no_failed_backup",
    "F25 names of files": "test_backup::test_a_backup_is_pulled_drilled_with_the_primary_stopped_and_proven",
}


def test_the_list_names_every_fault():
    assert {fault.split()[0] for fault in FAULTS} == {f"F{number}" for number in range(1, 26)}


@pytest.mark.parametrize("fault", FAULTS)
def test_the_test_of_a_fault_is_there(fault):
    module, _, name = FAULTS[fault].partition("::")
    tree = ast.parse((ROOT / "tests" / "lab" / f"{module}.py").read_text(encoding="utf-8"))
    assert name in {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}
