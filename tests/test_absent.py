"""What the portal does without, and so cannot do wrong: docs/asvs.md rests on it.

Each search has its exceptions written beside it, with the reason, and an exception that is none any more is
found by `no_exception_is_left_over`.
"""

import ast
import math
import re
from collections.abc import Iterable
from io import StringIO

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management import CommandError, call_command
from django.db.models import FileField
from django.forms import FileField as UploadField
from django.forms import Form, ModelForm
from django.urls import get_resolver

from accounts.models import Clave
from guards.sessions import SessionStore
from tests import reading_code as code

FOREIGN = {
    "other programs' formats": {"xml", "lxml", "defusedxml", "yaml", "markdown", "jinja2"},
    "objects of the sender's choice": {"pickle", "marshal", "shelve", "dill", "jsonpickle"},
    "directories, memcache, Java": {"ldap", "ldap3", "memcache", "pymemcache", "pylibmc", "jpype"},
    "OAuth, OpenID, SAML, JWT": {
        "oauthlib", "authlib", "oauth2_provider", "allauth", "social_django", "mozilla_django_oidc", "jwt",
        "jose", "saml2", "onelogin",
    },
    "GraphQL, WebSockets, WebRTC": {
        "graphene", "graphene_django", "strawberry", "ariadne", "channels", "daphne", "websockets", "aiortc",
    },
    "memory of C": {"ctypes", "cffi"},
}  # fmt: skip
CALLERS = (
    "urllib.request", "urllib3", "http.client", "requests", "httpx", "aiohttp", "ftplib", "telnetlib",
    "paramiko", "socket", "smtplib",
)  # fmt: skip
CRYPTOGRAPHY = {"cryptography", "Crypto", "Cryptodome", "nacl", "passlib", "bcrypt", "ssl", "rsa", "ecdsa"}
CALLS_OF_OURS = {"accounts/delivery.py": "the mail server of EMAIL_URL"}
NOT_FROM_A_VISITOR = {
    "accounts/database_role.py": "a command: names of the database, quoted",
    "accounts/purge.py": "one of two statements, by the kind of database",
    "accounts/triggers.py": "the triggers, as they stand there",
    "guards/bulk.py": "names of columns of ours",
    "guards/limits.py": "the upsert, as it stands there",
    "identity/importer/merge.py": "a command: the names are those of the files' columns",
    "identity/importer/stage.py": "a command: the names are those of the files' columns",
    "operation/dumps.py": "a command: the counts of its own tables",
}
PATTERNS_OF_OURS = {
    "accounts/password_policy.py": "one of two constants, by a setting; two alphabets of the code",
    "identity/importer/rows.py": "a command: one pattern for each column of the code",
    "identity/kinds.py": "rules in a list of the code",
}
FORMATS_OF_OURS = {
    "operation/logs.py": "the log's own formatter",
}
PROGRAMS_OF_OURS = {
    "operation/dumps.py": "a command: pg_dump and pg_restore, without a shell",
}
FILES_OF_OURS = {
    "backoffice/management/commands/demo_guide.py": "the demonstration's own files",
    "backoffice/management/commands/load_demo.py": "the demonstration's own files",
    "clave_portal/env.py": "the keys that it made for itself, before anything is served",
    "forms_usi07/press.py": "the style sheet of the paper",
    "guards/one_process.py": "the lock beside the database",
    "identity/importer/lines.py": "a command: the folder that its operator names",
    "identity/importer/rejects.py": "a command: the folder that its operator names",
    "identity/synthetic/files.py": "a command: the folder that its operator names",
    "journeys/captcha/voice.py": "the ten recordings",
    "journeys/management/commands/write_error_pages.py": "a command: the folder that its operator names",
    "journeys/pages/demo.py": "the demonstration's own files",
    "operation/copies.py": "a command: the folder that its operator names",
    "operation/places.py": "the locks in the folder of the metrics",
}
GUESSABLE = {
    "journeys/captcha/image.py": "decoration, drawn the same way for the same keyed hash",
    "journeys/captcha/voice.py": "decoration, drawn the same way for the same keyed hash",
    "identity/quiz.py": "SystemRandom alone",
}


def beyond(found: Iterable[str], allowed: Iterable[str]) -> list[str]:
    return sorted(set(found) - set(allowed))


def libraries() -> set[str]:
    return {re.split(r"[<>=\[~ ]", one)[0].lower().replace("-", "_") for one in code.LIBRARIES}


# --- Code -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", FOREIGN)
def test_no_library_of_what_the_portal_does_not_do_is_loaded(kind: str) -> None:
    imported = {name.split(".")[0] for _file, name in code.imports()}
    installed = {app.split(".")[0] for app in settings.INSTALLED_APPS}
    assert not FOREIGN[kind] & (imported | installed | libraries())
    assert not [cache for cache in settings.CACHES.values() if "emcache" in cache["BACKEND"]]
    assert settings.SESSION_SERIALIZER == "django.contrib.sessions.serializers.JSONSerializer"


def programs() -> set[str]:
    named = {"subprocess", "pty", "os.system", "os.popen", "os.execv", "os.spawnv"}
    return {file for file, name in code.imports() if name in named} | {
        file for file, _call, name in code.calls() if name in named
    }


def test_no_command_of_the_system_is_run_by_a_page() -> None:
    assert beyond(programs(), PROGRAMS_OF_OURS) == []


def test_no_code_is_made_at_run_time() -> None:
    making = {"eval", "exec", "compile", "__import__", "Template", "engines.from_string"}
    made = [
        f"{file}: {name}"
        for file, _call, name in code.calls()
        if name in making or name.endswith("from_string")
    ]
    assert made == []


def statements() -> set[str]:
    """Modules that give the database a statement which is no constant."""
    run = {"execute", "executemany", "raw", "extra", "RawSQL"}
    return {
        file
        for file, call, name in code.calls()
        if name.split(".")[-1] in run and call.args and not code.is_constant(call.args[0])
    }


def test_no_statement_is_built_from_what_a_visitor_sends() -> None:
    assert beyond(statements(), NOT_FROM_A_VISITOR) == []


def patterns() -> set[str]:
    functions = {"compile", "search", "match", "fullmatch", "findall", "finditer", "split", "sub", "subn"}
    return {
        file
        for file, call, name in code.calls()
        if name.startswith("re.") and name[3:] in functions and not code.is_constant(call.args[0])
    }


def test_no_pattern_is_made_of_what_a_visitor_sends() -> None:
    assert beyond(patterns(), PATTERNS_OF_OURS) == []


def formats() -> set[str]:
    return {
        file
        for file, call, name in code.calls()
        if name.endswith(".format")
        and isinstance(call.func, ast.Attribute)
        and not code.is_constant(call.func.value)
    }


def test_no_format_string_comes_from_a_visitor() -> None:
    assert beyond(formats(), FORMATS_OF_OURS) == []


def test_nothing_is_declared_safe_for_a_page_but_what_the_library_escaped() -> None:
    declared = [file for file, _call, name in code.calls() if name in {"mark_safe", "SafeString", "SafeText"}]
    assert declared == []
    open_ = re.compile(r"\|\s*safe\b|autoescape\s+off|\|\s*safeseq\b")
    # Not in the plain text of a mail, where an escaped sign would be read as it stands.
    pages = {file: text for file, text in code.templates().items() if not file.endswith(".txt")}
    assert [file for file, text in pages.items() if open_.search(text)] == []


def callers() -> set[str]:
    roots = tuple(f"{caller}." for caller in CALLERS)
    return {file for file, name in code.imports() if f"{name}.".startswith(roots)}


def test_the_portal_calls_no_other_site() -> None:
    assert beyond(callers(), CALLS_OF_OURS) == []


def files() -> set[str]:
    names = ("open", "read_bytes", "read_text", "write_bytes", "write_text")
    opening = {file for file, _call, name in code.calls() if name.split(".")[-1] in names}
    return opening - {"accounts/delivery.py"}  # mail_server.open() is a line, no file


def test_no_page_opens_a_file() -> None:
    assert beyond(files(), FILES_OF_OURS) == []


def test_cryptography_is_the_standard_library_s_and_argon2_s() -> None:
    imported = {name.split(".")[0] for _file, name in code.imports()}
    assert not CRYPTOGRAPHY & (imported | libraries())
    assert "argon2_cffi" in libraries()


def test_no_hash_function_but_sha_256_is_used() -> None:
    taken = {name for _file, name in code.attributes() if name.startswith("hashlib.")}
    assert {name.split("(")[0] for name in taken} == {"hashlib.sha256"}
    assert not [name for _file, name in code.imports() if name.startswith("hashlib.")]


def random_ones() -> set[str]:
    return {file for file, name in code.imports() if name.split(".")[0] == "random"}


@pytest.mark.django_db
def test_what_must_not_be_guessed_comes_from_the_system_s_generator() -> None:
    assert beyond(random_ones(), GUESSABLE) == []
    keys = {SessionStore()._get_new_session_key() for _ in range(50)}
    alphabet = set("".join(keys))
    assert {len(key) for key in keys} == {32}
    assert 32 * math.log2(len(alphabet)) > 128


@pytest.mark.parametrize(
    ("exceptions", "found"),
    [
        (CALLS_OF_OURS, callers),
        (NOT_FROM_A_VISITOR, statements),
        (PATTERNS_OF_OURS, patterns),
        (FORMATS_OF_OURS, formats),
        (PROGRAMS_OF_OURS, programs),
        (FILES_OF_OURS, files),
        (GUESSABLE, random_ones),
    ],
)
def test_no_exception_is_left_over(exceptions: dict[str, str], found: object) -> None:
    assert beyond(exceptions, found()) == []  # type: ignore[operator]


# --- Scripts and pages ------------------------------------------------------------------------------


def in_scripts(pattern: str) -> list[str]:
    return [
        f"{name}: {line.strip()}"
        for name, text in code.scripts().items()
        for line in text.splitlines()
        if re.search(pattern, line) and not line.strip().startswith(("*", "//", "/*"))
    ]


def test_no_script_makes_code_or_markup_of_text() -> None:
    assert code.scripts()
    makes = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\(|new Function|DOMParser|srcdoc"
    assert in_scripts(makes + r"|createContextualFragment|set(Timeout|Interval)\(\s*[\"'`]") == []


def test_no_script_stores_anything_in_the_browser() -> None:
    assert (
        in_scripts(r"localStorage|sessionStorage|indexedDB|document\.cookie|\bcaches\b|serviceWorker") == []
    )


def test_no_script_listens_to_other_windows() -> None:
    """A channel between tabs is of one origin by itself."""
    assert in_scripts(r"window\.(onmessage|postMessage)|\b(opener|parent|top)\.|onmessage\s*=") == []
    assert in_scripts(r"addEventListener\(\"message\"") == in_scripts(r"tabs\.addEventListener\(\"message\"")


def test_no_script_writes_a_property_that_data_name() -> None:
    named = r"\w\[[^\]\"]+\]\s*=[^=]|__proto__|Object\.assign|setPrototypeOf|\.prototype\b"
    swapped = "[list[i], list[j]] = [list[j], list[i]];"  # places of a list, by number
    assert [line for line in in_scripts(named) if swapped not in line] == []


def test_no_socket_stays_open_to_a_browser() -> None:
    assert in_scripts(r"WebSocket|EventSource|RTCPeerConnection|mediaDevices|WebTransport") == []
    assert getattr(settings, "ASGI_APPLICATION", None) is None


def test_no_page_asks_for_a_plug_in() -> None:
    asked = re.compile(r"<(object|embed|applet|iframe|frame)\b", re.IGNORECASE)
    assert [file for file, text in code.templates().items() if asked.search(text)] == []


# --- Files from visitors ----------------------------------------------------------------------------


def forms(of: type) -> Iterable[type]:
    for one in of.__subclasses__():
        yield one
        yield from forms(one)


def test_nothing_takes_a_file_from_a_visitor() -> None:
    assert get_resolver("clave_portal.urls").url_patterns  # whatever a page uses is imported now
    ours = [
        form
        for kind in (Form, ModelForm)
        for form in forms(kind)
        if form.__module__.split(".")[0] in code.PACKAGES
    ]
    assert len(ours) > 20
    taking = [form for form in ours for field in form.base_fields.values() if isinstance(field, UploadField)]  # type: ignore[attr-defined]
    assert taking == []
    models = [model for model in apps.get_models() if model._meta.app_label in code.PACKAGES]
    assert [model for model in models for field in model._meta.fields if isinstance(field, FileField)] == []
    sending = re.compile(r"multipart/form-data|type=\"file\"")
    assert [file for file, text in code.templates().items() if sending.search(text)] == []


# --- People and libraries ---------------------------------------------------------------------------


@pytest.mark.django_db
def test_a_fresh_portal_has_nobody_who_could_enter() -> None:
    assert (get_user_model().objects.count(), Clave.objects.count()) == (0, 0)
    with pytest.raises(CommandError):
        call_command("load_demo", stdout=StringIO())
    assert get_user_model().objects.count() == 0


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_every_library_is_pinned_by_its_hash(name: str) -> None:
    lines = (code.ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    pinned = [line for line in lines if line.strip() and not line.startswith("#")]
    assert len(pinned) > 20
    assert [
        line[:40] for line in pinned if not re.match(r"[\w.\-\[\]]+==\S+.* --hash=sha256:[0-9a-f]{64}", line)
    ] == []
    assert not re.search(r"index-url|find-links|https?://|git\+", "\n".join(lines))
