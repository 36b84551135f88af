"""What import-linter cannot see: reads of the clock, the file system, the environment, and floats near money."""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

PURE = (
    "model", "compliance", "backup", "halls", "network", "plays", "alerting", "metering", "costs", "reports",
    "incidents", "inventory",
)  # fmt: skip
EXACT = ("costs/", "model/money.py", "model/quantity.py")
CLOCK = {"now", "utcnow", "today"}
CLOCK_OWNERS = {"datetime", "date", "dt"}
BUILTINS = {"open", "input", "print", "breakpoint", "exec", "eval"}
FILES = {
    "read_text", "read_bytes", "write_text", "write_bytes", "mkdir", "unlink", "rename", "iterdir", "rglob", "is_file",
    "is_dir", "touch", "rmdir", "symlink_to",
}  # fmt: skip
# a scan of its own package folder is how a file registers itself; it reads code, not data
ALLOWED = {"model/registry.py"}


def _owner(node: ast.expr) -> str:
    if isinstance(node, ast.Name):
        return node.id
    return node.attr if isinstance(node, ast.Attribute) else ""


def impurities(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and words for each read of clock, file, environment or terminal."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        function = node.func
        if isinstance(function, ast.Name) and function.id in BUILTINS:
            yield node.lineno, f"{function.id}() belongs to adapters or cli"
        elif isinstance(function, ast.Attribute):
            if function.attr in CLOCK and _owner(function.value) in CLOCK_OWNERS:
                yield (
                    node.lineno,
                    f"{_owner(function.value)}.{function.attr}() reads the clock; take the instant as an argument",
                )
            if function.attr in FILES and not isinstance(function.value, ast.Constant):
                yield node.lineno, f".{function.attr}() touches the file system; take the bytes as an argument"


def floats(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and words for each float, by literal, by call or by annotation, and each use of round()."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield node.lineno, f"the float {node.value!r}; money is integer öre or a Fraction"
        elif isinstance(node, ast.Name) and node.id in {"float", "round"}:
            yield node.lineno, f"{node.id}; money is integer öre or a Fraction, rounded by apportion alone"


def main(root: Path) -> int:
    """Prints each breach as file:line; exit 1 when there is one."""
    breaches = []
    package = root / "samdrift"
    for path in sorted(package.rglob("*.py")):
        inside = path.relative_to(package).as_posix()
        tree = ast.parse(path.read_text(encoding="utf-8"), str(path))
        if inside.split("/")[0] in PURE and inside not in ALLOWED:
            breaches += [(path, *found) for found in impurities(tree)]
        if inside.startswith(EXACT):
            breaches += [(path, *found) for found in floats(tree)]
    for path, line, words in sorted(breaches):
        print(f"{path.relative_to(root)}:{line}: {words}")
    print(f"pure: {len(breaches)} breaches in model and rooms")
    return 1 if breaches else 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent))
