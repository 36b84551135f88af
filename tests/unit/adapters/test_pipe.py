"""The pipe between a producer and a taker: its end is given only for a whole, parsed stream; nothing that hangs outlives the limit."""

import hashlib
import os
import time

import pytest

from samdrift.adapters.pipe import Program, pipe


def sh(script, *arguments):
    return Program(["sh", "-c", script, "sh", *arguments])


def test_a_whole_stream_is_taken_hashed_and_counted(tmp_path):
    taken = tmp_path / "taken"
    found = pipe(sh("seq 1 300000"), sh('cat > "$1"', str(taken)), parser=sh("grep -qx 300000"), limit_seconds=30)
    assert (found.refusal, found.taker.code, found.size_bytes) == ("", 0, taken.stat().st_size)
    assert found.sha256 == hashlib.sha256(taken.read_bytes()).hexdigest()


@pytest.mark.parametrize(
    ("producer", "parser", "why"),
    [
        ("seq 1 1000; exit 3", None, "the producer ended with 3"),
        ("true", None, "the producer wrote nothing"),
        ("seq 1 1000", "cat > /dev/null; exit 1", "what it wrote could not be parsed whole (the parser ended with 1)"),
        ("seq 1 300000", "exit 1", "what it wrote could not be parsed whole (the parser ended with 1)"),
    ],
)
def test_the_taker_is_interrupted_before_the_end_of_its_input(tmp_path, producer, parser, why):
    """The taker says that its input ended, if it ever does."""
    said = tmp_path / "ended"
    found = pipe(sh(producer), sh('cat > /dev/null; touch "$1"', str(said)), parser=sh(parser) if parser else None, limit_seconds=30)
    assert found.refusal == why
    assert found.taker.code != 0
    assert not said.exists()


@pytest.mark.parametrize("who", ["producer", "parser", "taker"])
def test_whoever_hangs_ends_at_the_limit(who):
    hangs = sh("exec sleep 600")
    began = time.monotonic()
    found = pipe(
        hangs if who == "producer" else sh("seq 1 3000000"), hangs if who == "taker" else sh("cat > /dev/null"),
        parser=hangs if who == "parser" else sh("cat > /dev/null"), limit_seconds=1,
    )  # fmt: skip
    assert (found.timed_out, found.refusal) == (True, "the limit was reached")
    assert time.monotonic() - began < 25


def test_a_taker_that_ends_early_ends_all():
    assert pipe(sh("yes"), sh("head -c 100 > /dev/null; exit 1"), limit_seconds=30).refusal == "the taker ended before its input did"


def test_nothing_of_the_environment_but_the_clean_one_reaches_the_programs(monkeypatch, tmp_path):
    monkeypatch.setenv("SAMDRIFT_CANARY", "secret")
    pipe(sh("env"), sh('cat > "$1"', str(tmp_path / "env")), limit_seconds=30)
    assert "SAMDRIFT_CANARY" not in (tmp_path / "env").read_text()
    assert os.environ["SAMDRIFT_CANARY"] == "secret"
