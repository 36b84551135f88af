"""Anomalies: a run's signs beside ten ordinary ones → its signals; and what a file's bytes say."""

import os
from pathlib import Path

import pytest
import yaml

from samdrift.adapters.file_samples import entropy_millibits, sample_files
from samdrift.backup.anomaly import score
from samdrift.model.anomaly import FileSample, Signs
from samdrift.model.manifest import Entry, ManifestHead, write

CASES = yaml.safe_load((Path(__file__).parent / "backup" / "anomaly.yml").read_text(encoding="utf-8"))


def signs(number=0, **today):
    samples = (FileSample(".txt", 8, today.get("entropy", 3980 + number % 3)), FileSample(".jpg", 4, 7996, 4, today.get("magic", 4)))
    moved = {"new": 10, "changed": 15, "removed": 2, "unknown": 0, "added": 400_000, **today}
    return Signs(moved["new"] + number % 4, moved["changed"] + number % 5, moved["removed"], moved["added"], moved["unknown"], samples)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_run_is_judged_by_its_own_history(case):
    found = score(signs(**case["today"]), [signs(number) for number in range(case.get("runs", 10))])
    assert (found.judged, found.suspect, list(found.signals)) == (case.get("judged", True), case["suspect"], case["signals"])


def test_encrypted_text_has_the_entropy_of_noise_and_only_new_or_changed_files_are_read(tmp_path):
    def made(name, data):
        (tmp_path / name).write_bytes(data)
        return Entry(os.fsencode(tmp_path / name), "file", len(data), 0o600, 0, str(len(data)))

    text = "Protokoll fört vid sammanträde i kommunstyrelsen. ".encode() * 900
    old = [made("a.txt", text), made("b.txt", text)]
    new = [old[0], made("c.txt", os.urandom(50_000)), made("d.jpg", os.urandom(9000)), made("tom.txt", b"")]
    before, after = tmp_path / "1.jsonl", tmp_path / "2.jsonl"
    before.write_bytes(b"".join(write(ManifestHead("b", "K-1", ()), old)))
    after.write_bytes(b"".join(write(ManifestHead("b", "K-2", ()), new)))
    picture, noise = sample_files(after, before, "K-2")
    assert (picture.extension, picture.magic_known, picture.magic_right) == (".jpg", 1, 0)
    assert (noise.extension, noise.files) == (".txt", 1)
    assert noise.entropy_millibits > 7950
    assert entropy_millibits(text) < 4500
    assert sum(one.files for one in sample_files(before, None, "K-1")) == 2
    assert sample_files(after, before, "K-2") == sample_files(after, before, "K-2")


def test_a_simulated_quarter_has_at_most_one_false_alarm_and_every_attack_is_found_in_time():
    from tests.bench.backup_anomaly_bench import results

    told = results()
    assert told["worst"] <= 1, told
    assert told["early"] == {7}, "runs with too few before them are undetermined"
    assert told["found"]["all at once, renamed"] == told["found"]["all at once, own names"] == 1, told
    assert told["found"]["10 % a day, renamed"] <= 3, told
    assert told["found"]["10 % a day, own names"] <= 3, told
