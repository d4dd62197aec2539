"""What people read is Spanish that a neighbour understands; and the lint that says so finds what is not.

The lint reads files (scripts/lint_spanish.py). Here besides: rows that the portal brings, and what Django
says in a form.
"""

import csv
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from django import forms
from django.utils import translation

import journeys
from accounts.models import Application, FrequentQuestion, PolicyVersion
from scripts import lint_spanish as lint

DEMO = lint.ROOT / "demo"


def words(text: str) -> set[str]:
    return {word.casefold() for word, _kind, _instead in lint.banned_in(text)}


def found_in(tmp_path: Path, name: str, source: str) -> list[tuple[int, str, str]]:
    file = tmp_path / name
    file.write_text(source)
    return [(finding.line, finding.word, finding.kind) for finding in lint.findings(file)]


# --- The portal -----------------------------------------------------------------------------------


def test_nothing_that_the_portal_shows_needs_another_word() -> None:
    files = lint.everything()
    assert {path.suffix for path in files} == {".html", ".txt", ".js", ".py", ".po"}
    assert len(files) > 200
    found = [finding for path in files for finding in lint.findings(path)]
    assert [str(finding) for finding in found] == []


@pytest.mark.parametrize("phrase", lint.ALLOWED)
def test_every_exception_is_one_that_stands_somewhere(phrase: str) -> None:
    sources = [path.read_text() for path in lint.everything()]
    assert any(phrase in source.replace('\\"', '"') for source in sources)


@pytest.mark.django_db
def test_the_rows_that_the_portal_brings_are_in_plain_spanish_too() -> None:
    rows = FrequentQuestion.objects.all()
    assert len(rows) == 42
    assert words(" \n".join(f"{row.question} \n{row.plain}" for row in rows)) == set()
    assert words(" \n".join(Application.objects.values_list("name", flat=True))) == set()


@pytest.mark.parametrize(
    ("file", "columns", "of_a_third_person"),
    [
        (
            "cases.csv",
            ("title", "what_happens"),
            {"su clave", "su cuil", "sus datos"},
        ),  # what becomes of Lucía
        ("registry/zones.csv", ("notice",), set()),
    ],
)
def test_the_texts_of_the_demonstration_are_in_plain_spanish_too(
    file: str, columns: tuple[str, ...], of_a_third_person: set[str]
) -> None:
    with (DEMO / file).open(encoding="utf-8", newline="") as opened:
        texts = [row[column] for row in csv.DictReader(opened) for column in columns]
    assert any(texts)
    assert words(" \n".join(texts)) == of_a_third_person


@pytest.mark.django_db
def test_the_policies_of_2019_are_exempt_because_they_are_law_and_need_it() -> None:
    """Word for word: tests/journeys/test_templates.py holds them to the letter."""
    exempt = PolicyVersion.objects.exclude(name="2019")
    assert words(PolicyVersion.objects.get(name="2019").text) >= {"usuario", "consulte", "autenticaré"}
    assert words(" \n".join(exempt.values_list("text", flat=True))) == set()


# --- What Django says in a form -------------------------------------------------------------------


def forms_of_the_public() -> Iterator[type[forms.BaseForm]]:
    for module in walk_packages(journeys.__path__, "journeys."):
        import_module(module.name)
    waiting = [forms.BaseForm]
    while waiting:
        kinds = waiting.pop().__subclasses__()
        waiting += kinds
        yield from (kind for kind in kinds if kind.__module__.startswith("journeys."))


def messages_of(field: forms.Field) -> Iterator[str]:
    """All that the field may answer, as its form would: its own sentence before the validator's."""
    for code, message in field.error_messages.items():
        if field.required or code != "required":
            yield str(message)
    for validator in field.validators:
        code = getattr(validator, "code", "")
        if code not in field.error_messages:
            yield str(getattr(validator, "message", ""))


def test_no_answer_of_a_form_is_in_djangos_words() -> None:
    kinds = list(forms_of_the_public())
    assert len(kinds) > 10
    with translation.override("es-ar"):
        for kind in kinds:
            for name, field in kind.base_fields.items():  # type: ignore[attr-defined]
                said = [message for message in messages_of(field) if words(message)]
                assert not said, f"{kind.__name__}.{name}"


def test_a_field_that_leaves_the_library_its_words_is_noticed() -> None:
    class Left(forms.CharField):
        default_error_messages = {"required": "Este campo es obligatorio.", "odd": "Seleccione otra cosa."}

    assert words("\n".join(messages_of(Left()))) == {"este campo", "seleccione"}
    assert words("\n".join(messages_of(Left(required=False)))) == {"seleccione"}


# --- The lint -------------------------------------------------------------------------------------

BAD = {
    "usted": [
        "Ingrese su clave", "Seleccione una opción", "Haga la prueba", "Usted cuenta con 2 intentos",
        "puede usted seguir", "Diríjase a una oficina", "Por favor, espere", "Revise los datos.",
        "Cargue la página y descargue el formulario", "Presione CONTINUAR", "Verifique su CUIL",
    ],
    "tú": [
        "Puedes seguir", "si tienes dudas", "Ingresa tu clave", "Haz la prueba", "Completa los datos",
        "Por favor, escribe tu clave", "Elige una opción", "Listo. Revisa tu correo",
    ],
    "jargon": [
        "El CUIL es inválido", "Hacé clic acá", "Tenés que loguearte", "Tu contraseña",
        "El usuario no existe", "El token venció", "Escribí el captcha", "Formato incorrecto",
        "Campo obligatorio", "Seguí el link", "Te mandamos un mail", "Habilitala online", "Error interno",
    ],
    "English": [
        "Please wait", "Submit", "Sign in with your key", "Loading", "Página not found", "Required",
    ],
}  # fmt: skip
GOOD = [
    "Ingresá tu clave y tocá CONTINUAR.", "Elegí una respuesta", "Te queda 1 intento",
    "Fijate que tu navegador acepte cookies", "No hay nada que espere.", "Sigue funcionando",
    "El número que usa", "la persona que completa el formulario", "Abre el lunes a las 8.",
    "Tu usuario 20-12345678-6 generó la clave con éxito.", "con su propio DNI", "Te mandamos un correo",
    "E-Mail", "el correo que te llegó", "antes de enviar", "Todos los trámites son gratuitos",
]  # fmt: skip


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, bad in BAD.items() for text in bad])
def test_a_word_that_a_neighbour_would_not_say_is_found_with_what_to_write_instead(
    kind: str, text: str
) -> None:
    found = [(of, instead) for _word, of, instead in lint.banned_in(text)]
    assert kind in {of for of, _ in found}
    assert all(instead for _, instead in found)


@pytest.mark.parametrize("text", GOOD)
def test_what_a_neighbour_says_is_left_alone(text: str) -> None:
    assert words(text) == set()


@pytest.mark.parametrize(
    ("name", "source", "line"),
    [
        ("a.html", "<p>\n  Ingrese su nombre\n</p>", 2),
        ("a.html", '<img alt="Ingrese ya">', 1),
        ("a.html", '<input placeholder="Ingrese ya">', 1),
        ("a.html", '{# ingrese #}\n{% include "x.html" with text="Ingrese ya mismo" only %}', 2),
        ("a.html", "{% if a %}\n\n<b>In</b>grese <i>ingrese</i>{% endif %}", 3),
        ("a.txt", "Hola:\n{% if x %}ingrese{% endif %}", 2),
        ("a.js", '"use strict";\n/* ingrese */ a = "Ingrese ya";', 2),
        ("a.js", "a = `Ingrese ${n} letras`; // ingrese", 1),
        ("a.po", 'msgid "Enter"\nmsgstr "Ingrese %(name)s"', 2),
        ("a.py", 'x = CharField(label="Ingrese")', 1),
        (
            "a.py",
            '"""ingrese todo"""\n\ndef f():\n    """ingrese todo"""\n    return f"ingrese {1} número"',
            5,
        ),
        ("a.py", 'raise ValidationError("Ingrese su número")', 1),
        ("a.py", 'ERRORS = {\n    "required": (\n        "Hola, "\n        "ingrese todo"\n    )\n}', 3),
    ],
)
def test_it_is_found_wherever_people_read_it(tmp_path: Path, name: str, source: str, line: int) -> None:
    found = [
        (at, kind) for at, word, kind in found_in(tmp_path, name, source) if word.casefold() == "ingrese"
    ]
    assert found == [(line, "usted")]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("a.html", '<p class="form name">Hola</p>{# please #}{{ form.name }}{% url "login" as the_form %}'),
        ("a.html", '<button name="way" value="wrong">SEGUIR</button>'),
        ("a.js", 'page.querySelector("[data-captcha] input.name").value = "submit";'),
        (
            "a.py",
            '"""The form."""\n\nNAME = "login"\nPATH = "a/login.html"\nX = re.compile(r"(the|of) \\w+")',
        ),
        ("a.py", 'raise ValueError("there is no such key")'),
        ("a.py", '_log.error("the key did not expire")'),
        ("a.py", 'cursor.execute("SELECT name FROM form WHERE key = %s")'),
        ("a.py", 'def f(form: "Form") -> list["User"]: ...'),
    ],
)
def test_names_comments_and_what_only_developers_read_are_left_alone(
    tmp_path: Path, name: str, source: str
) -> None:
    assert found_in(tmp_path, name, source) == []


def test_who_runs_the_portal_may_read_of_servers_but_not_in_english_or_as_usted() -> None:
    folder = lint.ROOT / "accounts" / "management" / "commands"
    assert any("servidor" in text.words for path in folder.glob("*.py") for text in lint.texts(path))
    assert [str(finding) for path in folder.glob("*.py") for finding in lint.findings(path)] == []


def test_it_runs_from_the_command_line_and_says_where(tmp_path: Path) -> None:
    bad, good = tmp_path / "bad.html", tmp_path / "good.html"
    bad.write_text("<p>Hola</p>\n<p>Ingrese su clave</p>")
    good.write_text("<p>Ingresá tu clave</p>")
    script = lint.ROOT / "scripts" / "lint_spanish.py"
    told = [
        subprocess.run(  # noqa: S603 - our own script
            [sys.executable, script, *files], capture_output=True, text=True, check=False
        )
        for files in ([bad, good], [good])
    ]
    assert [run.returncode for run in told] == [1, 0]
    assert f"{bad}:2: «Ingrese» (usted): ingresá" in told[0].stdout
    assert told[1].stdout == "1 files read, 0 words to change\n"
