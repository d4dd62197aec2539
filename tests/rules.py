"""The project's own rules on its code, beside those of ruff and bandit: each tells the lines breaking it."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator

Rule = Callable[[ast.AST], bool]


def broken(code: str, rule: Rule) -> list[int]:
    """The lines that break the rule."""
    return sorted({getattr(node, "lineno", 0) for node in ast.walk(ast.parse(code)) if rule(node)})


def _called(node: ast.AST) -> str:
    """`a.b.c` of `a.b.c(…)`."""
    return ast.unparse(node.func) if isinstance(node, ast.Call) else ""


def _imported(node: ast.AST) -> set[str]:
    """Modules, and what is taken from them: {"random", "random.choice"}."""
    match node:
        case ast.Import(names=names):
            return {alias.name for alias in names}
        case ast.ImportFrom(module=str(module), names=names):
            return {module, *(f"{module}.{alias.name}" for alias in names)}
    return set()


def _is_built(node: ast.expr) -> bool:
    """Text put together out of something: f"…{x}", "…" % x, "…".format(x), "…" + x."""
    match node:
        case ast.JoinedStr(values=values):
            return any(isinstance(value, ast.FormattedValue) for value in values)
        case ast.BinOp(op=ast.Mod() | ast.Add()):
            return True
        case ast.Call(func=ast.Attribute(attr="format" | "join")):
            return True
    return False


def marks_as_safe(node: ast.AST) -> bool:
    return bool(
        _imported(node) & {"django.utils.safestring.mark_safe", "django.utils.html.html_safe"}
    ) or _called(node).split(".")[-1] in {"mark_safe", "SafeString", "SafeText"}


def excuses_from_csrf(node: ast.AST) -> bool:
    names = {"csrf_exempt", "requires_csrf_token"}
    return any(name.split(".")[-1] in names for name in _imported(node)) or (
        isinstance(node, ast.Attribute) and node.attr in names
    )


def is_predictable(node: ast.AST) -> bool:
    """The random module is seeded and can be foretold; SystemRandom asks the system, as `secrets` does."""
    taken = {name for name in _imported(node) if name.split(".")[0] == "random"}
    return bool(taken) and taken != {"random", "random.SystemRandom"}


def runs_other_code(node: ast.AST) -> bool:
    modules = {"subprocess", "pickle", "marshal", "shelve", "dill", "code", "pty", "ctypes", "yaml"}
    return any(name.split(".")[0] in modules for name in _imported(node)) or _called(node) in {
        "eval", "exec", "compile", "__import__", "os.system", "os.popen", "os.execv", "os.spawnv", "os.fork",
    }  # fmt: skip


def builds_sql(node: ast.AST) -> bool:
    """What varies goes in by %s; a statement is put together from nothing else."""
    if not isinstance(node, ast.Call):
        return False
    name = _called(node).split(".")[-1]
    return name in {"execute", "executemany", "raw", "extra", "RawSQL"} and any(map(_is_built, node.args[:1]))


def prints(node: ast.AST) -> bool:
    return _called(node) in {"print", "pprint", "breakpoint", "pdb.set_trace"}


def asks_a_naive_clock(node: ast.AST) -> bool:
    """The day and the hour of the machine: django.utils.timezone knows those of the country."""
    name = _called(node)
    if name.endswith("datetime.now"):
        return not (isinstance(node, ast.Call) and (node.args or node.keywords))
    return name.endswith(("date.today", "datetime.today", "datetime.utcnow", "datetime.utcfromtimestamp"))


RULES: dict[str, Rule] = {
    rule.__name__: rule for rule in (
        marks_as_safe, excuses_from_csrf, is_predictable, runs_other_code, builds_sql, prints,
        asks_a_naive_clock,
    )
}  # fmt: skip


# --- Templates --------------------------------------------------------------------------------------

TEMPLATE_RULES = {
    "trusts_a_value": re.compile(r"\|\s*(?:safe|safeseq)\b|\{%-?\s*autoescape\s+off"),
    "styles_inline": re.compile(r"<style\b|<[a-z][^>]*\sstyle\s*=", re.I),
    "scripts_inline": re.compile(r"<script\b(?![^>]*\ssrc=)[^>]*>|<[a-z][^>]*\son[a-z]+\s*=", re.I),
    "loads_from_elsewhere": re.compile(
        r"""<(?:script|link|img|iframe|source|audio)\b"""
        r"""[^>]*(?:src|href)=["']?(?:https?:)?//""",
        re.I,
    ),
}


def lines_with(text: str, pattern: re.Pattern[str]) -> Iterator[int]:
    """A tag may go over several lines: the line where it begins."""
    return (text.count("\n", 0, found.start()) + 1 for found in pattern.finditer(text))
