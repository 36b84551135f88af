"""Findings in the language of who reads them; JSON keeps the English message."""

from __future__ import annotations

from samdrift.model.finding import Finding
from samdrift.model.period import read_instant
from samdrift.model.text import Text, catalogue
from samdrift.model.written import instant


def in_words(finding: Finding, text: Text) -> str:
    """What a finding says: its own message in English, else the code's sentence with the date it turns on."""
    if text.language == "en":
        return finding.message
    if finding.reason is not None:
        return text("finding.undetermined", reason=finding.reason)
    if finding.code in {"ok", "not-applicable"}:
        return text(f"finding.{finding.code}")
    key = f"finding.{finding.check}.{finding.code}"
    if key not in catalogue():
        return finding.message
    sentence, until = text(key), finding.value.get("expires_at") or finding.value.get("until_date")
    if not isinstance(until, str):
        return sentence
    return text("finding.until", what=sentence, until=instant(read_instant(until), text.language) if "T" in until else until)
