"""A zone file is read whole or refused with every bad line's place; DS of odd digests are kept as they stand."""

from pathlib import Path

import pytest

from samdrift.adapters.dns_zonefile import read_zone_file, records_in
from samdrift.model.dns import types
from samdrift.model.dns.ds_words import read_ds_words
from samdrift.model.dns.names import from_text, to_text
from samdrift.model.errors import WrongUse

ZONE = from_text("krokom.example")
GOOD = """$ORIGIN krokom.example.
$TTL 1h
@ IN SOA ns1 hostmaster ( 2026112401 ; serial
    4h 1h 1w 1h )
  NS ns1
  NS NS2.Krokom.Example.
ns1 300 IN A 192.0.2.1
www IN 600 TXT "a;b" "c (d)"
sub IN DS 1 13 0 00
    IN DS 2 13 2 AB CD
$ORIGIN sub
x A 192.0.2.9
"""


def read(text: str):
    return records_in(text.encode(), "z.zone", ZONE)


def test_a_whole_zone_is_read():
    found = [(to_text(one.owner), types.type_name(one.type), one.ttl) for one in read(GOOD)]
    assert found == [
        ("krokom.example.", "SOA", 3600), ("krokom.example.", "NS", 3600), ("krokom.example.", "NS", 3600), ("ns1.krokom.example.", "A", 300), ("www.krokom.example.", "TXT", 600),
        ("sub.krokom.example.", "DS", 3600), ("sub.krokom.example.", "DS", 3600), ("x.sub.krokom.example.", "A", 3600),
    ]  # fmt: skip
    by_type = {one.type: one.data for one in read(GOOD)}
    assert by_type[types.NS] == from_text("ns2.krokom.example")
    assert by_type[types.TXT] == b"\x03a;b\x05c (d)"
    assert {one.data.hex() for one in read(GOOD) if one.type == types.DS} == {"00010d0000", "00020d02abcd"}


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("www IN A 192.0.2.300", "z.zone:12: A:"), ("www IN HUH 1", "z.zone:12: HUH is no record type"), ("www", "z.zone:12: a record needs a type and data"),
        ("www 99x IN A 192.0.2.1", "z.zone:12: 99x is no TTL"), ("other.example. A 192.0.2.1", "z.zone:12: other.example. lies outside krokom.example."),
        ("$INCLUDE more.zone", "z.zone:12: $INCLUDE is not followed here"), ("$NO", "z.zone:12: $NO: no such directive"), ("www CH A 192.0.2.1", "z.zone:12: class CH"),
        ("www TXT ( a", "z.zone:12: a bracket opens and never closes"), ("www TXT a )", "z.zone:12: a bracket closes that was not opened"),
        ('www TXT "a', "z.zone:12: a quotation mark without its fellow"), ("www DS 1 13", "z.zone:12: DS needs"), ("www DS 1 999 2 AB", "z.zone:12:"), ("www DS 1 13 2 XY", "z.zone:12:"),
    ],
)  # fmt: skip
def test_a_bad_line_is_told_with_its_place(line, said):
    text = GOOD.replace("$ORIGIN sub\nx A 192.0.2.9\n", line + "\n").replace("    4h 1h 1w 1h )\n", "    4h 1h 1w 1h )\n\n")
    with pytest.raises(WrongUse) as caught:
        read(text)
    assert said in str(caught.value)
    assert caught.value.help


def test_all_bad_lines_are_told_in_one_run_and_a_flood_is_cut():
    with pytest.raises(WrongUse) as caught:
        read(GOOD + "a A x\nb A y\n")
    assert [line.split(": ")[0] for line in str(caught.value).splitlines()] == ["z.zone:13", "z.zone:14"]
    with pytest.raises(WrongUse) as caught:
        read("x A y\n" * 500)
    assert len(str(caught.value).splitlines()) == 21


@pytest.mark.parametrize(("text", "said"), [("", "there is no SOA"), ("x 300 IN A 192.0.2.1\n", "there is no SOA"), ("\0\1\2 garbage\n", "z.zone:1"), ("(" * 9000, "z.zone:1")])
def test_what_is_no_zone_is_refused(text, said):
    with pytest.raises(WrongUse, match=said):
        read(text)


def test_a_file_that_cannot_be_read_is_one_line(tmp_path: Path):
    with pytest.raises(WrongUse, match="no such file"):
        read_zone_file(tmp_path / "none", ZONE)
    with pytest.raises(WrongUse, match="not text"):
        records_in(b"\xff\xfe", "z", ZONE)


@pytest.mark.parametrize("text", ["1 13 2 ABCD", "1,13,2,ABCD", " 1 , 13 , 2 , AB CD ", "1 13 2 abcd"])
def test_a_ds_is_given_with_blanks_or_commas(text):
    assert read_ds_words(text, "--ds").hex() == "00010d02abcd"


@pytest.mark.parametrize("text", ["", "1", "1 13", "x 13 2 AB", "99999 13 2 AB", "1 300 2 AB", "1 13 2", "1 13 2 XY", "1 13 2 ABC"])
def test_a_ds_that_is_none_is_refused(text):
    with pytest.raises(WrongUse, match="--ds"):
        read_ds_words(text, "--ds")
