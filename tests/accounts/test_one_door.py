"""No code but births and the one door assigns the state of a key."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

BASE = Path(settings.BASE_DIR)
PACKAGES = (
    "clave_portal", "journeys", "forms_usi07", "accounts", "identity", "offices", "guards", "backoffice",
    "operation",
)  # fmt: skip
BIRTHS = BASE / "accounts" / "models.py"
DOOR = BASE / "accounts" / "door.py"
# A journey has a state too; its pages keep it in `self.state`, and no key lives there.
PAGES = BASE / "journeys"


def sources() -> list[Path]:
    files = [file for package in PACKAGES for file in sorted((BASE / package).rglob("*.py"))]
    return [file for file in files if "migrations" not in file.parts]


def assignments(code: str, *, own_state_is_a_page_s: bool = False) -> Iterator[int]:
    """Lines that give something a `state`: by attribute, keyword, setattr, or in SQL text."""
    nodes = (node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.expr))
    return (node.lineno for node in nodes if _writes(node, own_state_is_a_page_s))


def _writes(node: ast.expr, own_state_is_a_page_s: bool) -> bool:
    match node:
        case ast.Attribute(attr="state", ctx=ast.Store(), value=ast.Name(id="self")):
            return not own_state_is_a_page_s
        case ast.Attribute(attr="state", ctx=ast.Store()):
            return True
        case ast.Call():
            return _passes_state(node)
        case ast.Constant(value=str(text)):
            return _sets_state(text)
    return False


def _passes_state(call: ast.Call) -> bool:
    name = getattr(call.func, "attr", getattr(call.func, "id", ""))
    writes = {"update", "create", "update_or_create", "get_or_create", "Clave", "dict", "replace"}
    if name in {"setattr", "bulk_update"}:
        return any(isinstance(n, ast.Constant) and n.value == "state" for a in call.args for n in ast.walk(a))
    return name in writes and any(keyword.arg == "state" for keyword in call.keywords)


def _sets_state(text: str) -> bool:
    flat = " ".join(text.lower().split())
    return "update accounts_clave " in flat or "insert into accounts_clave " in flat


def test_nothing_outside_the_moves_assigns_a_state() -> None:
    found = [
        f"{file.relative_to(BASE)}:{line}"
        for file in sources()
        if file not in {BIRTHS, DOOR}
        for line in assignments(
            file.read_text(encoding="utf-8"), own_state_is_a_page_s=file.is_relative_to(PAGES)
        )
    ]
    assert found == []


def writers(file: Path) -> set[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    return {
        function.name
        for function in ast.walk(tree)
        if isinstance(function, ast.FunctionDef)
        and (any(assignments(ast.unparse(function))) or '"state":' in ast.unparse(function).replace("'", '"'))
    }


def test_it_is_assigned_at_birth_and_in_the_one_door_only() -> None:
    assert writers(BIRTHS) == {"_born"}
    assert writers(DOOR) == {"pass_through"}


@pytest.mark.parametrize(
    "code",
    [
        "clave.state = 'level_3'",
        "request.user.clave.state = State.LEVEL_3",
        "Clave.objects.filter(pk=1).update(deadline=None, state='level_2')",
        "Clave.objects.create(cuil=cuil, state='level_2')",
        "Clave(state='level_2').save()",
        "setattr(clave, 'state', 'level_2')",
        "Clave.objects.bulk_update(claves, ['state'])",
        "cursor.execute('UPDATE accounts_clave SET state = %s', [x])",
        "clave.state, b = 'level_2', 1",
    ],
)
def test_the_search_finds_what_it_looks_for(code: str) -> None:
    assert list(assignments(code, own_state_is_a_page_s=True)) == [1]


@pytest.mark.parametrize(
    "code",
    ["Clave.objects.filter(state='level_2')", "Q(state='pending')", "x = clave.state", "self.state = 1"],
)
def test_reading_a_state_is_free(code: str) -> None:
    assert list(assignments(code, own_state_is_a_page_s=True)) == []
