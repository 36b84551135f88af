"""Each export read back to (net, VAT) in öre per member, by code that shares nothing with what wrote it."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
from collections import defaultdict
from decimal import Decimal
from xml.etree import ElementTree as ET

import openpyxl
import pyarrow.parquet as pq

from tests.unit.reports import sie_reader

UBL = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
AMOUNT = r"(−?[0-9]{1,3}(?:[\u00a0 ][0-9]{3})*,[0-9]{2})[\u00a0 ]kr"


def rows(content):
    return list(csv.DictReader(io.StringIO(content.decode(), newline="")))


def ore(kronor):
    value = Decimal(kronor) * 100
    assert value == value.to_integral_value(), kronor
    return int(value)


def of_csv_lines(files, name):
    """Net alone: VAT is of documents, not of lines."""
    found = defaultdict(int)
    for row in rows(files[f"{name}-lines.csv"]):
        found[row["line"].split("/")[2]] += int(row["amount_ore"])
    return dict(found)


def of_csv(files, name):
    return {row["member"]: (int(row["net_ore"]), int(row["vat_ore"])) for row in rows(files[f"{name}-members.csv"])}


def of_csv_documents(files, name):
    return _summed((row["member"], int(row["net_ore"]), int(row["vat_ore"])) for row in rows(files[f"{name}-documents.csv"]))


def of_json(files, name):
    told = json.loads(files[f"{name}.json"])
    return {each["member"]: (each["net_ore"], each["vat_ore"]) for each in told["totals"]["members"]}


def of_json_documents(files, name):
    told = json.loads(files[f"{name}.json"])
    sign = {"invoice": 1, "credit-note": -1}
    return _summed((each["member"], sign[each["kind"]] * each["net_ore"], sign[each["kind"]] * each["vat_ore"]) for each in told["documents"])


def of_focus(files, name):
    return _summed((row["SubAccountId"], *_parted(row["ChargeCategory"], ore(row["BilledCost"]))) for row in rows(files[f"{name}-focus.csv"]))


def of_parquet(files, name):
    table = pq.read_table(io.BytesIO(files[f"{name}-focus.parquet"])).to_pylist()
    return _summed((row["SubAccountId"], *_parted(row["ChargeCategory"], ore(row["BilledCost"]))) for row in table)


def _parted(category, amount):
    return (0, amount) if category == "Tax" else (amount, 0)


def of_sie(files, name):
    found = []
    for voucher in sie_reader.read(files[f"{name}.si"]).vouchers:
        member = voucher.number.split(".")[2]
        vat = -sum(amount for account, _, amount, _ in voucher.rows if account == "2611")
        gross = sum(amount for account, _, amount, _ in voucher.rows if account == "1510")
        found.append((member, gross - vat, vat))
    return _summed(found)


def of_ubl(files, name):
    found = []
    for file, content in files.items():
        if file.endswith(".xml"):
            root = ET.fromstring(content)
            sign = -1 if root.tag.endswith("CreditNote") else 1
            member = file.split(".")[2]
            net, vat = (ore(next(root.iter(UBL + tag)).text) for tag in ("TaxExclusiveAmount", "TaxAmount"))
            found.append((member, sign * net, sign * vat))
    return _summed(found)


def of_xlsx(files, name, names):
    book = openpyxl.load_workbook(io.BytesIO(files[f"{name}.xlsx"]))
    sheet = next(each for each in book if each["A1"].value == "Medlem")
    ids = {each: member for member, each in names.items()}
    return {ids[row[0]]: (round(row[1] * 100), round(row[2] * 100)) for row in sheet.iter_rows(min_row=2, values_only=True)}


def of_pdf(path, names):
    text = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True, timeout=60).stdout.decode()
    found = {}
    for member, name in names.items():
        match = re.search(rf"^\s*{re.escape(name)}\s+{AMOUNT}\s+{AMOUNT}\s+{AMOUNT}\s*$", text, re.MULTILINE)
        if match:
            net, vat, gross = (int(re.sub(r"[\u00a0 ,]", "", each).replace("−", "-")) for each in match.groups())
            assert net + vat == gross
            found[member] = (net, vat)
    return found


def _summed(triples):
    found = defaultdict(lambda: (0, 0))
    for member, net, vat in triples:
        found[member] = (found[member][0] + net, found[member][1] + vat)
    return dict(found)
