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
EXACT = ("costs/", "metering/usage.py", "model/money.py", "model/quantity.py", "model/cost.py", "store/closes.py")
# where // stands behind an explicit test of the sign
FLOORS = {"model/money.py": {"floor_of"}}
INEXACT = {"total_seconds", "timestamp", "fsum", "sqrt", "pow", "mean", "fmean", "as_integer_ratio"}
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


def floats(tree: ast.Module, floors: frozenset[str] | set[str] = frozenset()) -> Iterator[tuple[int, str]]:
    """Line and words for each float (by literal, call, annotation or a method that gives one), each round(), and each // or divmod
    of what is not plainly abs(…): on negatives they round away from zero. `floors` are the functions that test the sign first.
    """
    allowed = {inner for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name in floors for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, float):
            yield node.lineno, f"the float {node.value!r}; money is integer öre or a Fraction"
        elif isinstance(node, ast.Name) and node.id in {"float", "round"}:
            yield node.lineno, f"{node.id}; money is integer öre or a Fraction, rounded by apportion alone"
        elif isinstance(node, ast.Attribute) and node.attr in INEXACT:
            yield node.lineno, f".{node.attr} gives a float; money is integer öre or a Fraction"
        elif node not in allowed and (operand := _floored(node)) is not None and not _magnitude(operand):
            yield operand.lineno, "// or divmod of what may be negative; write abs(…) or use floor_of of model/money"


def _floored(node: ast.AST) -> ast.expr | None:
    """What a floor division divides, or None when the node is none."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.FloorDiv):
        return node.left
    if isinstance(node, ast.AugAssign) and isinstance(node.op, ast.FloorDiv):
        return node.target
    called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "divmod"
    return node.args[0] if called and isinstance(node, ast.Call) else None


def _magnitude(operand: ast.expr) -> bool:
    """Whether an operand is plainly not negative: abs(…), or a part of it."""
    inner = operand.value if isinstance(operand, ast.Attribute) else operand
    return isinstance(inner, ast.Call) and isinstance(inner.func, ast.Name) and inner.func.id == "abs"


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
            breaches += [(path, *found) for found in floats(tree, FLOORS.get(inside, set()))]
    for path, line, words in sorted(breaches):
        print(f"{path.relative_to(root)}:{line}: {words}")
    print(f"pure: {len(breaches)} breaches in model and rooms")
    return 1 if breaches else 0


if __name__ == "__main__":
    raise SystemExit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent))
