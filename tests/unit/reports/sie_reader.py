"""A strict reader of SIE 4I after the published format; it shares no line with the writer and refuses whatever it does not know."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

ORDER = ["#FLAGGA", "#PROGRAM", "#FORMAT", "#GEN", "#SIETYP", "#PROSA", "#ORGNR", "#FNAMN", "#KONTO", "#DIM", "#OBJEKT", "#VER"]
FORBIDDEN = {"#IB", "#UB", "#RES", "#RTRANS", "#BTRANS", "#OIB", "#OUB"}
AMOUNT = re.compile(r"-?(0|[1-9][0-9]*)\.[0-9]{2}")


@dataclass
class Voucher:
    series: str
    number: str
    date: str
    text: str
    rows: list[tuple[str, tuple[tuple[str, str], ...], int, str]] = field(default_factory=list)


@dataclass
class Sie:
    head: dict[str, list[str]]
    accounts: dict[str, str]
    dimensions: dict[str, str]
    objects: set[tuple[str, str]]
    vouchers: list[Voucher]


def fields(line: str) -> list[str | list[str]]:
    """The fields of a line: bare, quoted with `\\"` inside, or a list in braces."""
    found: list[str | list[str]] = []
    at = 0
    inner: list[str] | None = None
    while at < len(line):
        sign = line[at]
        if sign == " ":
            at += 1
        elif sign == "{":
            assert inner is None, f"brace in brace: {line}"
            inner = []
            at += 1
        elif sign == "}":
            assert inner is not None, f"brace closed and not opened: {line}"
            found.append(inner)
            inner = None
            at += 1
        else:
            word = ""
            if sign == '"':
                at += 1
                while line[at] != '"':
                    if line[at] == "\\" and line[at + 1] == '"':
                        at += 1
                    assert ord(line[at]) >= 32, f"control character in a field: {line!r}"
                    word += line[at]
                    at += 1
                at += 1
            else:
                while at < len(line) and line[at] not in ' {}"':
                    word += line[at]
                    at += 1
            (inner if inner is not None else found).append(word)
    assert inner is None, f"brace never closed: {line}"
    return found


def read(content: bytes) -> Sie:
    """The file, or an AssertionError that names the line."""
    text = content.decode("cp437", "strict")
    assert text.endswith("\r\n"), "the last line has no end"
    assert "\n" not in text.replace("\r\n", ""), "a line ends in LF alone"
    sie = Sie({}, {}, {}, set(), [])
    place, open_, inside = 0, None, False
    for line in text.split("\r\n")[:-1]:
        if line == "{":
            assert open_ is not None
            assert not inside
            inside = True
            continue
        if line == "}":
            assert inside
            assert sum(row[2] for row in open_.rows) == 0, f"voucher {open_.number} does not sum to 0"
            assert len(open_.rows) >= 2, f"voucher {open_.number} has fewer than two rows"
            open_, inside = None, False
            continue
        label, *rest = fields(line.strip() if inside else line)
        assert label not in FORBIDDEN, f"{label} does not belong in an import file"
        if inside:
            assert label == "#TRANS", line
            assert len(rest) == 5, line
            account, objects, amount, date, words = rest
            assert account in sie.accounts, f"account {account} is not declared"
            assert isinstance(objects, list), line
            assert len(objects) % 2 == 0, line
            pairs = tuple(zip(objects[::2], objects[1::2], strict=True))
            assert all(pair in sie.objects for pair in pairs), f"object not declared: {line}"
            assert AMOUNT.fullmatch(amount), f"amount {amount!r}"
            assert re.fullmatch(r"[0-9]{8}", date), line
            open_.rows.append((account, pairs, int(amount.replace(".", "")), words))
            continue
        assert open_ is None, f"a voucher without rows before {line}"
        assert label in ORDER, f"unknown label {label}"
        assert ORDER.index(label) >= place, f"{label} comes too late"
        place = ORDER.index(label)
        if label == "#VER":
            series, number, date, words = rest
            open_ = Voucher(series, number, date, words)
            assert number not in {each.number for each in sie.vouchers}, f"voucher {number} stands twice"
            sie.vouchers.append(open_)
        elif label == "#KONTO":
            assert rest[0] not in sie.accounts, line
            assert re.fullmatch(r"[0-9]{4,6}", rest[0]), line
            sie.accounts[rest[0]] = rest[1]
        elif label == "#DIM":
            sie.dimensions[rest[0]] = rest[1]
        elif label == "#OBJEKT":
            assert rest[0] in sie.dimensions, f"dimension {rest[0]} is not declared"
            sie.objects.add((rest[0], rest[1]))
        else:
            assert label not in sie.head, f"{label} stands twice"
            sie.head[label] = rest
    assert open_ is None, "the last voucher never ends"
    assert sie.head["#FLAGGA"] == ["0"]
    assert sie.head["#FORMAT"] == ["PC8"]
    assert sie.head["#SIETYP"] == ["4"]
    return sie
