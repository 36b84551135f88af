"""Every adapter takes its times and sizes from the one table, and has a test with a double that hangs."""

from __future__ import annotations

import ast
import re

from tests.contracts.folders import PACKAGE, ROOT, shown

OUTSIDE = {
    "apprise",
    "asyncio",
    "dns",
    "ftplib",
    "http",
    "httpx",
    "netmiko",
    "paramiko",
    "psycopg",
    "pysnmp",
    "smtplib",
    "socket",
    "ssl",
    "subprocess",
    "urllib",
}


def imports(path):
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{name.name}" for name in node.names)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def adapters():
    """Those files of adapters/ that wait for something outside: a library of the network, or a program."""
    for path in sorted((PACKAGE / "adapters").rglob("*.py")):
        waits = any(
            name.split(".")[0] in OUTSIDE or name.startswith("samdrift.adapters.process") for name in imports(path)
        )
        if waits and not path.name.startswith("_"):
            yield path


def limited(path, seen=frozenset()):
    """Whether the file takes limits from the table, itself or through another adapter that it calls."""
    names = set(imports(path))
    if any(name.startswith("samdrift.adapters.limits") for name in names):
        return True
    for name in names:
        below = re.fullmatch(r"samdrift\.adapters\.(\w+).*", name)
        other = PACKAGE / "adapters" / f"{below[1]}.py" if below else None
        if other and other.is_file() and other not in seen and other != path and limited(other, seen | {path}):
            return True
    return False


def test_every_adapter_takes_its_limits_from_the_one_table():
    missing = [f"{shown(path)}: does not use samdrift.adapters.limits" for path in adapters() if not limited(path)]
    assert not missing, "\n".join(missing)


def test_every_adapter_has_a_test():
    texts = [
        path.read_text(encoding="utf-8")
        for path in sorted((ROOT / "tests").rglob("*.py"))
        if "contracts" not in path.parts
    ]
    missing = [
        f"{shown(path)}: no test imports it"
        for path in adapters()
        if not any(re.search(rf"adapters(\.|\s+import\s+[^\n]*\b){path.stem}\b", text) for text in texts)
    ]
    assert not missing, "\n".join(missing)


def test_only_ssh_imports_the_ssh_libraries():
    wrong = [
        f"{shown(path)}: imports {name}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for name in imports(path)
        if name.split(".")[0] in {"paramiko", "netmiko"} and path.stem not in {"ssh", "network_devices"}
    ]
    assert not wrong, "\n".join(wrong)


def test_programs_are_run_without_a_shell():
    wrong = [
        f"{shown(path)}:{node.lineno}: shell={ast.unparse(keyword.value)}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "shell"
    ]
    assert not wrong, "\n".join(wrong)
