"""A device's text: whole or refused with the reason; noise and secrets are not kept."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from samdrift.model.network_backup import DeviceSaid, NetworkReason
from samdrift.network.cleaning import cleaned
from samdrift.network.completeness import NotWhole, too_small, whole
from samdrift.network.history import difference
from samdrift.network.platform import platforms

CASES = Path(__file__).parents[2] / "cases" / "network"
IOS, FRR = platforms()["cisco-ios"], platforms()["frr"]
BODY = "".join(f"interface Gi1/0/{n}\n description port {n}\n switchport mode access\n" for n in range(1, 30))
TEXT = f"Building configuration...\n\nCurrent configuration : 900 bytes\n!\nversion 15.2\nhostname sw-1\n{BODY}!\nend\n"
REPLY = f"show running-config\n{TEXT}sw-1#".replace("\n", "\r\n")


def cases():
    for path in sorted(CASES.glob("*.yml")):
        for case in yaml.safe_load(path.read_text(encoding="utf-8")):
            yield pytest.param(path.stem, case, id=f"{path.stem}: {case['name']}")


def verdict(text, *, prompt="sw-1#", platform=IOS, names=("sw-1", "sw-1.drift.example")):
    try:
        whole(platform, DeviceSaid(prompt, text), names)
    except NotWhole as refused:
        return refused.reason
    return None


@pytest.mark.parametrize(("platform", "case"), list(cases()))
def test_what_is_kept_of_a_text_is_without_noise_and_secrets(platform, case):
    assert cleaned(platforms()[platform], case["given"]) == case["expect"]


@pytest.mark.parametrize(("platform", "case"), list(cases()))
def test_cleaning_twice_is_cleaning_once(platform, case):
    assert cleaned(platforms()[platform], case["expect"]) == case["expect"]


def test_every_platform_has_cases():
    assert {path.stem for path in CASES.glob("*.yml")} == set(platforms())


def test_a_whole_reply_is_its_text():
    assert whole(IOS, DeviceSaid("sw-1#", REPLY), ["sw-1"]) == TEXT


@pytest.mark.parametrize("percent", range(1, 100))
def test_a_reply_cut_at_any_percent_is_refused_with_and_without_a_prompt_after_it(percent):
    cut = REPLY[: len(REPLY) * percent // 100]
    assert verdict(cut) is NetworkReason.PROMPT_MISSING
    text = TEXT.replace("\n", "\r\n")
    cut = text[: len(text) * percent // 100]
    assert verdict(f"{cut}\r\nsw-1#") in {NetworkReason.END_MISSING, NetworkReason.OTHER_NAME}
    assert verdict(f"{cut}sw-1#") in {NetworkReason.END_MISSING, NetworkReason.PROMPT_MISSING}


@given(st.integers(min_value=0, max_value=len(REPLY) - 1))
def test_a_reply_cut_at_any_byte_is_refused(where):
    assert verdict(REPLY[:where]) is NetworkReason.PROMPT_MISSING


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (REPLY.replace("port 9", "port 9\r\n --More-- \x08\x08"), NetworkReason.PAGER),
        (REPLY[:400] + "\r\n --More-- ", NetworkReason.PAGER),
        (REPLY[:400] + "\r\n<--- More --->", NetworkReason.PAGER),
        (REPLY.replace("\r\nend", "\r\n% Invalid input detected at '^' marker.\r\nend"), NetworkReason.ERROR_TEXT),
        (REPLY.replace("\r\nend", ""), NetworkReason.END_MISSING),
        (REPLY.replace("sw-1#", "sw-2#"), NetworkReason.PROMPT_MISSING),
        (REPLY.replace("hostname sw-1", "hostname sw-2"), NetworkReason.OTHER_NAME),
        ("show running-config\r\nsw-1#", NetworkReason.END_MISSING),
        ("", NetworkReason.PROMPT_MISSING),
        (REPLY + " ", None),
    ],
)
def test_what_is_not_whole_is_refused_with_its_reason(text, reason):
    assert verdict(text) is reason


def test_what_broke_off_is_refused_with_the_sessions_own_reason():
    with pytest.raises(NotWhole) as refused:
        whole(IOS, DeviceSaid("sw-1#", REPLY, NetworkReason.TIMEOUT, "silent"), ["sw-1"])
    assert refused.value.reason is NetworkReason.TIMEOUT


def test_a_text_under_70_percent_of_the_last_needs_a_second_session():
    assert [too_small(size, 1000) for size in (699, 700, 2000)] == [True, False, False]
    assert not too_small(1, None)


def test_equal_texts_have_no_difference():
    assert difference(TEXT, TEXT, "a", "b") == ()
    assert "+ntp server 192.0.2.1" in difference(TEXT, TEXT.replace("!\nend", "ntp server 192.0.2.1\n!\nend"), "a", "b")
