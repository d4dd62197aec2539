"""A person whose every datum is a word found nowhere else, and where these words are then found."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.db import connection

from identity.models import Person
from tests.builders import make_person
from tests.forms_usi07.reading import text_of
from tests.visitor import Visitor

DOCUMENT = 48763519
MARKS = {
    "surname": "ZURBRIGGENMARCA",
    "given names": "QUILLENMARCA",
    "document": str(DOCUMENT),
    "street": "CALLEMARCA 7351",
    "home": "LOCALIDADMARCA",
    "tramite": "73519048263",
    "key": "Kolibri58marcaX",
    "e-mail": "buzonmarca@ejemplo.com.ar",
    "phone": "+34 655 735 190",
    "address abroad": "Calle Marcada 7351",
    "employer": "EMPLEADORMARCA S A",
    "insurer": "OBRA SOCIAL MARCADA",
    "bank": "BANCO MARCADO",
    "child": "HIJAMARCA",
    "lived in": "PUEBLOMARCADO",
    "lived on": "AVENIDAMARCADA",
}
FACTS = {
    "employer": [MARKS["employer"], "SANTA JULIA S A", "MOLINOS DEL SUR S A", "EL CEIBO S R L"],
    "health_insurer": [MARKS["insurer"], "OBRA SOCIAL BANCARIA"],
    "payment_bank": [MARKS["bank"], "CORREO DEL LITORAL"],
    "locality": [MARKS["lived in"], "AZUL"],
    "street": [MARKS["lived on"], "CORONEL SUAREZ"],
    "child": [MARKS["child"], "JOAQUIN"],
}


def marked_person() -> Person:
    return make_person(
        DOCUMENT,
        tramite=MARKS["tramite"],
        facts=FACTS,
        surname=MARKS["surname"],
        given_names=MARKS["given names"],
        street=MARKS["street"],
        locality=MARKS["home"],
        birth_date=date(1971, 3, 9),
    )


def marks_in(text: str, marks: Mapping[str, str] = MARKS) -> set[str]:
    """Names of the marks that stand in a text, however they are written there."""
    bare = text.casefold().replace(".", "").replace("-", "").replace(" ", "")
    return {name for name, mark in marks.items() if _bare(mark) in bare}


def _bare(mark: str) -> str:
    return mark.casefold().replace(".", "").replace("-", "").replace(" ", "")


def found_in_tables() -> dict[str, set[str]]:
    """table.column → the marks that stand there. Sessions are read as the portal reads them."""
    found: dict[str, set[str]] = {}
    for place, text in [*_cells(), *_sessions()]:
        if marks := marks_in(text):
            found.setdefault(place, set()).update(marks)
    return found


def _cells() -> Iterator[tuple[str, str]]:
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")  # noqa: S608 - our own tables
            names = [column[0] for column in cursor.description]
            for row in cursor.fetchall():
                yield from ((f"{table}.{name}", str(value)) for name, value in zip(names, row, strict=True))


def _sessions() -> Iterator[tuple[str, str]]:
    return (("session", repr(session.get_decoded())) for session in Session.objects.all())


def cached() -> str:
    """All that the cache holds (in tests it is this process's memory)."""
    return repr(getattr(cache, "_cache", {}))


class Witness(Visitor):
    """A visitor who remembers every address, cookie and page."""

    def __init__(self, **headers: str) -> None:
        super().__init__(**headers)
        self.addresses: list[str] = []
        self.cookies: set[str] = set()
        self.shown: dict[str, set[str]] = {}

    def _take(self, response, url: str) -> "Witness":
        super()._take(response, url)
        self.addresses += [url, *(to for to, _ in getattr(response, "redirect_chain", []))]
        self.cookies |= {f"{morsel.key}={morsel.value}" for morsel in self.client.cookies.values()}
        if marks := marks_in(self._spoken()):
            self.shown.setdefault(self.url.partition("?")[0], set()).update(marks)
        return self

    def _spoken(self) -> str:
        """What a page or a file says."""
        content = self.response.content
        is_pdf = self.response.get("Content-Type") == "application/pdf"
        return text_of(content) if is_pdf else content.decode(errors="replace")


def anywhere(texts: Iterable[str]) -> set[str]:
    return set().union(*(marks_in(text) for text in texts))
