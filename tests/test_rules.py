"""What the code never does: the rules of tests/rules.py on every file, and each rule on an example."""

import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.rules import RULES, TEMPLATE_RULES, broken, lines_with

BASE = Path(settings.BASE_DIR)
PACKAGES = [
    folder.name for folder in sorted(BASE.iterdir())
    if (folder / "__init__.py").exists() and folder.name not in {"tests", "bench", "demo"}
]  # fmt: skip
SOURCES = [
    str(file.relative_to(BASE)) for package in PACKAGES for file in sorted((BASE / package).rglob("*.py"))
    if "migrations" not in file.parts
]  # fmt: skip
TEMPLATES = [str(file.relative_to(BASE)) for file in sorted((BASE / "templates").rglob("*.*ml"))]
TEXTS = [str(file.relative_to(BASE)) for file in sorted((BASE / "templates").rglob("*.txt"))]

# File and rule, and why it may.
EXCEPTIONS = {
    ("journeys/captcha/image.py", "is_predictable"): "noise around digits that were drawn by `secrets`",
    ("journeys/captcha/voice.py", "is_predictable"): "noise behind digits that were drawn by `secrets`",
    ("operation/dumps.py", "runs_other_code"): "pg_dump and pg_restore, without a shell",
    ("guards/bulk.py", "builds_sql"): "names of tables and columns, from the models",
    ("identity/importer/merge.py", "builds_sql"): "names of tables and columns, from the importer's own list",
    ("identity/catalogue.py", "builds_sql"): "the names of kinds, from the list in identity/kinds.py",
    ("backoffice/board.py", "builds_sql"): "SET takes no parameters; the number is a constant",
    ("templates/mail/base.txt", "trusts_a_value"): "a mail in plain text is no HTML",
}


def findings(names: list[str]) -> set[tuple[str, str]]:
    return {
        (name, rule)
        for name in names
        for rule, check in RULES.items()
        if broken((BASE / name).read_text(encoding="utf-8"), check)
    }


def findings_in_templates(names: list[str]) -> set[tuple[str, str]]:
    return {
        (name, rule)
        for name in names
        for rule, pattern in TEMPLATE_RULES.items()
        if any(lines_with((BASE / name).read_text(encoding="utf-8"), pattern))
    }


def test_the_code_keeps_every_rule() -> None:
    assert {"accounts", "journeys", "guards"} <= set(PACKAGES)
    assert findings(SOURCES) - set(EXCEPTIONS) == set()


def test_the_templates_keep_every_rule() -> None:
    assert len(TEMPLATES) > 100
    assert findings_in_templates([*TEMPLATES, *TEXTS]) - set(EXCEPTIONS) == set()


def test_no_exception_is_left_over() -> None:
    still = findings(SOURCES) | findings_in_templates([*TEMPLATES, *TEXTS])
    there = {exception for exception in EXCEPTIONS if (BASE / exception[0]).exists()}
    assert there <= still


# --- Each rule catches what it is for ---------------------------------------------------------------

BAD = {
    "marks_as_safe": [
        "from django.utils.safestring import mark_safe",
        "x = safestring.mark_safe(y)", "SafeString(y)",
    ],
    "excuses_from_csrf": [
        "from django.views.decorators.csrf import csrf_exempt",
        "@csrf.csrf_exempt\ndef a(): ...",
    ],
    "is_predictable": [
        "import random", "from random import choice",
        "from random import SystemRandom, choice",
    ],
    "runs_other_code": [
        "import subprocess", "from pickle import loads",
        "eval(x)", "os.system('ls')", "import ctypes",
    ],
    "builds_sql": [
        'cursor.execute(f"DELETE FROM {table}")', 'cursor.execute("SELECT %s" % x)', 'objects.raw("a" + b)',
        'RawSQL("SELECT {}".format(x), [])', 'cursor.executemany(" ".join(parts), rows)',
    ],
    "prints": ["print(1)", "breakpoint()"],
    "asks_a_naive_clock": [
        "date.today()", "datetime.now()", "datetime.datetime.utcnow()",
        "datetime.date.today()",
    ],
}  # fmt: skip
GOOD = {
    "marks_as_safe": ["from django.utils.safestring import SafeString", "format_html('{}', x)"],
    "excuses_from_csrf": ["from django.views.decorators.csrf import csrf_protect"],
    "is_predictable": ["from random import SystemRandom", "import secrets"],
    "runs_other_code": ["import re\nre.compile('a')", "evaluate(x)", "model.eval()"],
    "builds_sql": ['cursor.execute("SELECT %s", [x])', "cursor.execute(sql, params)", 'execute("a" "b")'],
    "prints": ["self.stdout.write('x')", "print_page(html)"],
    "asks_a_naive_clock": ["timezone.now()", "datetime.now(tz=UTC)", "timezone.localdate()"],
}
BAD_TEMPLATES = {
    "trusts_a_value": [
        "{{ x|safe }}",
        "{{ x|upper|safe }}",
        "{% autoescape off %}",
        "{{ x|safeseq|join:',' }}",
    ],
    "styles_inline": ["<style>a{}</style>", '<p\n  class="a"\n  style="x">'],
    "scripts_inline": [
        "<script>a()</script>",
        '<script type="module">a()</script>',
        '<a href="#" onclick="a()">',
    ],
    "loads_from_elsewhere": [
        '<script src="//zq.example/a.js">',
        '<img alt="" src="https://zq.example/a.png">',
    ],
}
GOOD_TEMPLATES = {
    "trusts_a_value": ["{{ x }}", "<p>a|safely</p>"],
    "styles_inline": ['<link rel="stylesheet" href="/a.css">', '<p data-style="x">'],
    "scripts_inline": ['<script src="{% static "a.js" %}" defer></script>', '<p data-on="x">on = off</p>'],
    "loads_from_elsewhere": ['<a href="https://www.argentina.gob.ar/">', '<img src="/a.png">'],
}


def test_each_rule_has_its_examples() -> None:
    assert set(BAD) == set(GOOD) == set(RULES)
    assert set(BAD_TEMPLATES) == set(GOOD_TEMPLATES) == set(TEMPLATE_RULES)


@pytest.mark.parametrize(("rule", "code"), [(rule, code) for rule in BAD for code in BAD[rule]])
def test_a_rule_catches_what_it_is_for(rule: str, code: str) -> None:
    assert broken(code, RULES[rule])


@pytest.mark.parametrize(("rule", "code"), [(rule, code) for rule in GOOD for code in GOOD[rule]])
def test_a_rule_lets_pass_what_is_like_it(rule: str, code: str) -> None:
    assert not broken(code, RULES[rule])


@pytest.mark.parametrize(("rule", "code"), [(r, code) for r in BAD_TEMPLATES for code in BAD_TEMPLATES[r]])
def test_a_rule_on_templates_catches_what_it_is_for(rule: str, code: str) -> None:
    assert list(lines_with(code, TEMPLATE_RULES[rule]))


@pytest.mark.parametrize(("rule", "code"), [(r, code) for r in GOOD_TEMPLATES for code in GOOD_TEMPLATES[r]])
def test_a_rule_on_templates_lets_pass_what_is_like_it(rule: str, code: str) -> None:
    assert not list(lines_with(code, TEMPLATE_RULES[rule]))


# --- Dependencies -----------------------------------------------------------------------------------


@pytest.mark.parametrize("lock", ["requirements.txt", "requirements-dev.txt"])
def test_every_dependency_is_pinned_and_has_its_hashes(lock: str) -> None:
    text = re.sub(r"\\\n", " ", (BASE / lock).read_text(encoding="utf-8"))
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    assert len(lines) > 20
    for line in lines:
        assert re.match(r"[a-z0-9._-]+(?:\[[a-z,]+\])?==\S+ ", line), line
        assert re.search(r"--hash=sha256:[0-9a-f]{64}", line), line


def test_no_release_with_a_known_hole_is_pinned() -> None:
    """Below these, what a visitor types can stop or fool them (CVEs of Django and WeasyPrint)."""
    pinned = dict(re.findall(r"^([\w.-]+)==([\w.]+)", (BASE / "requirements.txt").read_text(), re.MULTILINE))
    floors = {"django": (5, 2, 18), "weasyprint": (70, 0), "pillow": (12, 0)}
    for name, floor in floors.items():
        assert tuple(map(int, pinned[name].split("."))) >= floor, name


def test_whatever_installs_asks_for_the_hashes() -> None:
    files = [
        BASE / "scripts" / "setup.sh",
        *(BASE / "deploy").rglob("Dockerfile*"),
        *(BASE / "bench").glob("*.py"),
    ]
    installs = [
        line
        for file in files
        for line in file.read_text(encoding="utf-8").splitlines()
        if "pip install" in line or '"pip", "install"' in line
    ]
    assert installs
    for line in installs:
        assert "--require-hashes" in line, line
