"""What axe does not see of a page: captions, scopes, headings in order, one file, policy, nothing that refreshes (interface.md U27-U32, U40)."""

from __future__ import annotations

import itertools
from html.parser import HTMLParser
from pathlib import Path

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SCRIPT_LIMIT_BYTES = 5 * 1024


class _Outline(HTMLParser):
    """Tags in order with what stood open around them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str], tuple[str, ...], int]] = []
        self.texts: list[tuple[str, str]] = []
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}, tuple(self.open), self.getpos()[0]))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}, tuple(self.open), self.getpos()[0]))

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            while self.open.pop() != tag:
                pass

    def handle_data(self, data: str) -> None:
        if self.open and data.strip():
            self.texts.append((self.open[-1], data))


def complaints(html: str) -> list[str]:
    """Each breach of the page's structure in words, with its line."""
    outline = _Outline()
    outline.feed(html)
    tags = outline.tags
    names = [tag for tag, *_ in tags]
    said: list[str] = []
    if not html.lstrip().lower().startswith("<!doctype html>"):
        said.append("no doctype")
    root = next((attributes for tag, attributes, *_ in tags if tag == "html"), {})
    if root.get("lang") not in {"sv", "en"}:
        said.append(f"html lang is {root.get('lang')!r}")
    if not any(tag == "meta" and attributes.get("charset", "").lower() == "utf-8" for tag, attributes, *_ in tags):
        said.append("no meta charset utf-8")
    if not any(parent == "title" for parent, _ in outline.texts):
        said.append("no title")
    said += [f"{names.count(tag)} of {tag}, wanted one" for tag in ("h1", "main") if names.count(tag) != 1]
    said += [f"no {tag}" for tag in ("header", "nav", "footer") if tag not in names]
    if not any(tag == "a" and attributes.get("href", "").startswith("#") for tag, attributes, *_ in tags):
        said.append("no skip link")
    levels = [(int(tag[1]), line) for tag, _, _, line in tags if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit()]
    said += [
        f"line {line}: h{after} follows h{before}"
        for (before, _), (after, line) in itertools.pairwise(levels)
        if after > before + 1
    ]
    said += _tables(tags)
    said += _policy(tags)
    scripts = [text for parent, text in outline.texts if parent == "script"]
    if len(scripts) > 1 or sum(len(text.encode()) for text in scripts) > SCRIPT_LIMIT_BYTES:
        said.append("more than one script of 5 KB")
    return said


def _tables(tags: list[tuple[str, dict[str, str], tuple[str, ...], int]]) -> list[str]:
    said = []
    for at, (tag, _, _, line) in enumerate(tags):
        if tag == "table" and (at + 1 == len(tags) or tags[at + 1][0] != "caption"):
            said.append(f"line {line}: table without caption")
    said += [
        f"line {line}: th without scope"
        for tag, attributes, _, line in tags
        if tag == "th" and attributes.get("scope") not in {"col", "row", "colgroup", "rowgroup"}
    ]
    tables = sum(tag == "table" for tag, *_ in tags)
    if tables and not any(tag == "th" for tag, *_ in tags):
        said.append("tables without headings")
    return said


def _policy(tags: list[tuple[str, dict[str, str], tuple[str, ...], int]]) -> list[str]:
    said = [f"line {line}: style attribute on {tag}" for tag, attributes, _, line in tags if "style" in attributes]
    said += [
        f"line {line}: {name} attribute on {tag}"
        for tag, attributes, _, line in tags
        for name in attributes
        if name.startswith("on")
    ]
    said += [
        f"line {line}: {tag} asks elsewhere: {attributes[name]}"
        for tag, attributes, _, line in tags
        for name in ("src", "data", "action")
        if attributes.get(name, "").startswith(("http:", "https:", "//"))
    ]
    said += [
        f"line {line}: link {attributes.get('rel')} {attributes.get('href')}"
        for tag, attributes, _, line in tags
        if tag == "link"
        and attributes.get("rel") in {"stylesheet", "preload", "icon"}
        and not attributes.get("href", "").startswith("data:")
    ]
    equivalents = {
        attributes["http-equiv"].lower(): attributes.get("content", "")
        for tag, attributes, *_ in tags
        if tag == "meta" and "http-equiv" in attributes
    }
    if "refresh" in equivalents:
        said.append("meta refresh")
    policy = equivalents.get("content-security-policy", "")
    said += [f"policy lacks {words}" for words in ("default-src 'none'", "base-uri 'none'") if words not in policy]
    if "unsafe" in policy:
        said.append(f"policy allows what is unsafe: {policy}")
    return said


def file_complaints(path: Path) -> list[str]:
    """The same for a file, each with its name."""
    return [f"{path.name}: {line}" for line in complaints(path.read_text(encoding="utf-8"))]
