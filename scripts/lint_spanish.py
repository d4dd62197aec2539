"""Reads what people read and finds what a neighbour would not say: usted, tú, English, jargon.

    python scripts/lint_spanish.py [FILE …]

Without files, everything the portal shows: templates, mails, scripts, the sentences that stand for the
libraries' (locale/), and the texts in the code. Prints `file:line: word (kind): what to write instead` and
exits with 1 when there is any. Part of `make check`.

What is not read, and why: docstrings and comments, SQL, log lines and the exceptions of DEVELOPERS, which
people never see; migrations, whose rows are read from the database (tests/test_spanish.py). The policies are
a legal text, word for word from the guide of 2019, and exempt (there too).
"""

import ast
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = (
    "clave_portal", "journeys", "backoffice", "forms_usi07", "accounts", "identity", "offices", "guards",
)  # fmt: skip

# kind -> words (regular expressions, whole words, any case) -> what to write instead.
BANNED: dict[str, dict[str, str]] = {
    "usted": {
        r"usted(es)?": "vos",
        r"ingrese": "ingresá",
        r"elija|seleccione|escoja": "elegí",
        r"haga|efectúe": "hacé",
        r"presione|pulse|oprima": "tocá",
        r"confirme": "confirmá",
        r"recuerde|tenga (presente|en cuenta)": "recordá, tené en cuenta",
        r"escriba|digite|tipee|consigne": "escribí",
        r"verifique|asegúrese|compruebe": "revisá, fijate",
        r"dir[ií]jase|acérquese|preséntese": "acercate",
        r"comuníquese|contáctese": "llamá",
        r"intente|reintente": "probá de nuevo",
        r"consulte": "consultá",
        r"su (clave|cuil|usuario|cuenta|identidad|solicitud|contraseña)|sus? datos": "tu, tus",
    },
    "tú": {
        r"puedes|podrás": "podés, vas a poder",
        r"tienes|debes": "tenés, tenés que",
        r"necesitas|quieres|eres|sabes|haces|recuerdas|olvidaste de|deseas": "necesitás, querés, sos…",
        r"ingresa|elige|haz": "ingresá, elegí, hacé",
        r"contigo|(para|a|de) ti": "con vos, para vos…",
    },
    "jargon": {
        r"inválid[oa]s?|formato": "decí qué está mal y cómo se escribe",
        r"clic|click|clickear|cliquear": "tocar",
        r"logue\w*|login|logout|deslogue\w*": "ingresar, salir",
        r"contraseñas?|password": "clave",
        r"usuari[oa]s?": "persona, vos; o el CUIL",
        r"tokens?|captchas?|hash|timeout|backend|frontend|caché|cache": "decilo sin la palabra técnica",
        r"campos? (obligatorios?|requeridos?)|este campo": "decí qué falta: «Ingresá tu clave»",
        r"links?|hipervínculos?": "enlace",
        r"emails?|mails?": "correo; la etiqueta del dato es «E-Mail»",
        r"on-?line|off-?line": "por Internet",
        r"caracteres nulos|string|null|booleano|parámetros?|este valor": "decilo como a un vecino",
        r"autentica\w*|valida(r|ción|do|da)|credenciales": "comprobar quién sos, revisar",
        r"procesar|ejecutar": "hacer",
        r"excepción no|error interno|servidor|base de datos": "«Algo falló de nuestro lado»",
    },
    "English": {
        r"the|of|is|are|this|that|these|with|without|your|you|please|must|cannot|not|from|when|where|which":
            "castellano",
        r"for|to|on|in|or|if|by|at|be|was|were|and|an|it|its|there|here|all|any|already": "castellano",
        r"sign|submit|home|back|next|previous|search|loading|welcome|sorry|help|yes|cancel|save|delete":
            "castellano",
        r"enter|choose|select|invalid|required|wrong|failed|success|warning": "castellano",
        r"user|name|date|file|form|key": "castellano",
    },
}  # fmt: skip
# The forms of «usted» and of «tú» that «que …» and «él …» share: an order only where a sentence begins.
ORDERS: dict[str, dict[str, str]] = {
    "usted": {
        r"espere|aguarde": "esperá",
        r"use|utilice": "usá",
        r"revise|vea|mire|lea": "revisá, mirá, leé",
        r"acepte|adjunte|complete|descargue|imprima|presente|envíe|mande": "aceptá, completá, mandá…",
        r"llame|concurra|vuelva|pruebe|cierre|abra": "llamá, andá, volvé, probá…",
    },
    "tú": {
        r"escribe|pulsa|presiona|selecciona|verifica|revisa|intenta|recuerda|completa|acepta|usa|descarga":
            "la forma de vos: escribí, tocá, elegí…",
        r"prueba|mira|lee|confirma|llama|envía|manda": "la forma de vos: probá, mirá…",
    },
}  # fmt: skip
# Whole phrases that stay, each with its reason. They are cut out before anything is looked for.
ALLOWED: dict[str, str] = {
    "Tu usuario": "the manual's own message, «generó … con éxito» (D 6)",
    "Habilitar usuario": "the manual's own heading (C 5)",
    "El titular, con su clave": "of the third person: who did what, in a history",
    "Su clave: ": "of the third person: an employee reads it about somebody's case",
    "Of. Ident.": "printed so on the DNI",
    "ombre de usuario": "an employee's, as the label of their log-in says",
    "Algo anda mal con la base de datos": "to employees, who then know whom to tell",
    "clave (hash)": "the name of a column, on no page",
    "trámite del DNI (hash con clave)": "the name of a column, on no page",
    "usuario:clave@servidor": "the shape of an address, for whoever sets the portal up",
    "unexpected end of data": "the csv library's words, compared with",
    "captcha image": "the name of a seed, on no page",
    '"cache", "storage"': "a header",
    "use strict": "a line of the language",
}
# Files of whoever runs the portal: «servidor» is their word, and a command's help says what it does.
OPERATORS = ("/management/commands/", "clave_portal/")
# Names of constants that hold words nobody is shown.
NOT_SHOWN = {
    "_SAY_NOTHING": "words of a search that tell nothing",
    "__all__": "names of classes",
    "_FRAME": "markup around sentences that stand elsewhere",
}
# Exceptions whose words only developers read; every other one may reach a page or an operator.
DEVELOPERS = frozenset({
    "AssertionError", "AttributeError", "DoesNotExist", "ImproperlyConfigured", "KeyError", "LookupError",
    "MoveNotAllowed", "NotImplementedError", "OperationalError", "PermissionDenied", "RuntimeError",
    "SuspiciousOperation", "TypeError", "ValueError",
})  # fmt: skip
_LOGS = frozenset({"debug", "info", "warning", "error", "exception", "critical"})
# In capitals, as ours is written.
_SQL = re.compile(
    r"\b(SELECT|INSERT|DELETE FROM|UPDATE|CREATE|DROP|ALTER|PRAGMA|SET LOCAL|WHERE|JOIN|ORDER BY|PRIMARY KEY"
    r"|SET CONSTRAINTS|FROM|IS DISTINCT|IS NOT|AND|ON|THEN|ELSE)\b"
)
# Where an order begins: a line, a sentence, after «por favor»; of «usted» also after «y» and «o», where «tú»
# has the form of «él».
_SENTENCE = r"(?:^|[.:;¡!?(«»,]|(?<!\w)favor)\s*"
_BEGINNING = {"usted": rf"(?:{_SENTENCE}|(?<!\w)[yoe]\s+)", "tú": _SENTENCE}
# What a screen reader is told, or an empty field shows, besides the text between the tags.
_SPOKEN = re.compile(r'\b(?:alt|aria-label|title|content|placeholder|label)="([^"{]*)"')
_PLACES = re.compile(r"\{\w+\}|%\(\w+\)[sd]")  # what is filled in later
_IN_TAG = re.compile(r"<[^>]*>", re.DOTALL)
_IN_BRACES = re.compile(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)


@dataclass(frozen=True)
class Finding:
    file: str
    line: int
    word: str
    kind: str
    instead: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: «{self.word}» ({self.kind}): {self.instead}"


@dataclass(frozen=True)
class Text:
    """Words for people, and the line where they begin."""

    line: int
    words: str


# --- Looking ------------------------------------------------------------------------------------


def banned_in(words: str) -> Iterator[tuple[str, str, str]]:
    """(word as it stands, kind, what to write instead), in the order of the rules."""
    for phrase in ALLOWED:
        words = words.replace(phrase, " ")
    for table, where in ((BANNED, {}), (ORDERS, _BEGINNING)):
        for kind, rules in table.items():
            before = where.get(kind, r"(?<![\w-])")
            for pattern, instead in rules.items():
                for match in re.finditer(rf"{before}(?P<word>{pattern})(?![\w-])", words, re.IGNORECASE):
                    yield match["word"], kind, instead


def findings(path: Path) -> list[Finding]:
    name = path.relative_to(ROOT).as_posix() if path.is_relative_to(ROOT) else str(path)
    of_operators = any(part in name for part in OPERATORS)
    return [
        Finding(name, text.line, word, kind, instead)
        for text in texts(path)
        for word, kind, instead in banned_in(text.words)
        if not (of_operators and kind in {"tú", "jargon"})
    ]


def texts(path: Path) -> Iterable[Text]:
    source = path.read_text(encoding="utf-8")
    return {".html": of_template, ".txt": of_mail, ".js": of_script, ".py": of_code, ".po": of_catalog}[
        path.suffix
    ](source)


def of_template(source: str) -> Iterator[Text]:
    """Text between tags, and the attributes that are read aloud; where the lines are stays known."""
    shown = _blank(_IN_BRACES, source)
    for match in _SPOKEN.finditer(shown):
        yield Text(_line(shown, match.start()), match[1])
    for number, line in enumerate(_blank(_IN_TAG, shown).splitlines(), start=1):
        yield Text(number, line)
    for tag in re.finditer(r"\{%.*?%\}|\{\{.*?\}\}", source, re.DOTALL):  # what is handed to a component
        for match in re.finditer(r'[=:,]"([^"]*)"', tag.group()):
            if _is_prose(match[1]):
                yield Text(_line(source, tag.start()), match[1])


def of_mail(source: str) -> Iterator[Text]:
    for number, line in enumerate(_blank(_IN_BRACES, source).splitlines(), start=1):
        yield Text(number, line)


def of_catalog(source: str) -> Iterator[Text]:
    """What stands for the library's sentences."""
    for match in re.finditer(r'^msgstr(?:\[\d\])? "(.+)"$', source, re.MULTILINE):
        yield Text(_line(source, match.start()), _PLACES.sub("…", match[1]))


def of_script(source: str) -> Iterator[Text]:
    """The quoted texts that have a space or a capital; the rest are names."""
    code = _blank(re.compile(r"/\*.*?\*/|(?<!:)//[^\n]*", re.DOTALL), source)
    for match in re.finditer(r'"([^"\n]*)"|`([^`]*)`', code):
        words = re.sub(r"\$\{.*?\}", "…", match[1] or match[2] or "")
        if _is_prose(words) and not re.search(r"[\[\]{}=>#]", words):
            yield Text(_line(code, match.start()), words)


def of_code(source: str) -> Iterator[Text]:
    tree = ast.parse(source)
    unread = set(_not_for_people(tree))
    for node in ast.walk(tree):
        if isinstance(node, (ast.Constant, ast.JoinedStr)) and id(node) not in unread:
            words = _PLACES.sub("…", _blank(_IN_BRACES, _joined(node)))
            if _is_prose(words) and not _SQL.search(words):
                yield Text(node.lineno, words)


def _joined(node: ast.expr) -> str:
    """The words of a string; in place of each value in it «…»."""
    if isinstance(node, ast.JoinedStr):
        return "".join(map(_joined, node.values))
    value = getattr(node, "value", "")
    return value if isinstance(node, ast.Constant) and isinstance(value, str) else "…"


def _is_prose(words: str) -> bool:
    """Several words, or one with a capital («Buscar»); otherwise it is a name, a path, a pattern."""
    words = words.strip()
    if re.fullmatch(r"[A-ZÁÉÍÓÚ][a-záéíóúñ]+[.:!?]?", words):
        return True
    return bool(re.search(r"[^\W\d_]{2,}\W*\s+\W*[^\W\d_]", words)) and not re.search(
        r"\\[bdswW]|\(\?", words
    )


def _not_for_people(tree: ast.AST) -> Iterator[int]:
    """Ids of the strings in docstrings, annotations, log calls, developers' exceptions and NOT_SHOWN; and of
    the parts of a string, which is read as a whole.
    """
    for node in ast.walk(tree):
        for part in _unread_parts(node):
            yield from (id(child) for child in ast.walk(part))


def _unread_parts(node: ast.AST) -> list[ast.AST]:
    if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
        returned = [node.returns] if getattr(node, "returns", None) else []
        return [*returned, *filter(_is_docstring, node.body[:1])]
    if isinstance(node, ast.Call):
        return [node] if _is_unread(node) else []
    if isinstance(node, ast.JoinedStr):
        return [part for part in node.values if isinstance(part, ast.Constant)]
    if isinstance(node, (ast.Subscript, ast.arg, ast.AnnAssign)):
        annotation = node.slice if isinstance(node, ast.Subscript) else node.annotation
        return [annotation] if annotation else []
    if isinstance(node, ast.Assign):
        return [node] if {getattr(target, "id", "") for target in node.targets} & NOT_SHOWN.keys() else []
    return []


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def _is_unread(call: ast.Call) -> bool:
    called = call.func
    name = getattr(called, "id", "") or getattr(called, "attr", "")
    logged = name in _LOGS and getattr(getattr(called, "value", None), "id", "") in {
        "_log",
        "logger",
        "logging",
    }
    return logged or name in DEVELOPERS


def _blank(pattern: re.Pattern[str], source: str) -> str:
    """The same text with spaces where the pattern matched: lines and places stay."""
    return pattern.sub(lambda match: re.sub(r"[^\n]", " ", match.group()), source)


def _line(source: str, place: int) -> int:
    return source.count("\n", 0, place) + 1


# --- What there is to read ----------------------------------------------------------------------


def everything() -> list[Path]:
    code = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]
    return [
        *sorted((ROOT / "templates").rglob("*.html")),
        *sorted((ROOT / "templates").rglob("*.txt")),
        *sorted((ROOT / "static").rglob("*.js")),
        *sorted((ROOT / "locale").rglob("*.po")),
        *(path for path in code if "migrations" not in path.parts),
    ]


def main(names: list[str]) -> int:
    files = [Path(name).resolve() for name in names] or everything()
    found = [finding for path in files for finding in findings(path)]
    for finding in found:
        print(finding)
    print(f"{len(files)} files read, {len(found)} words to change")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
