"""Frequent questions about the key, as the office writes them.

An answer is plain text. A blank line begins a paragraph; `[texto](pagina)` is a link to a page of the
portal, by its name in PAGES; `[teléfono]` is the number to call and `[horario]` when somebody answers.
Everything else is shown as written.
"""

import re
from collections.abc import Iterator

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from guards.links import public_path

# Names of addresses that an answer may lead to: pages that anybody may open, and no other site.
PAGES = (
    "entrar", "crear", "habilitar", "cambiar", "usi-07", "poder-especifico", "poder-especifico-completar",
    "oficinas", "constancia",
    "ayuda", "ayuda-crear-por-internet", "ayuda-crear-con-formulario", "ayuda-habilitar",
    "ayuda-olvido-de-clave", "ayuda-desde-el-exterior",
    "no-se-mi-cuil", "preguntas-frecuentes", "politicas", "clave-corporativa", "accesibilidad", "privacidad",
)  # fmt: skip

_PHONE, _HOURS = "[teléfono]", "[horario]"
# No bracket inside the brackets: each character is looked at once, whatever was typed.
_MARK = re.compile(r"(\[teléfono\]|\[horario\]|\[[^\[\]]+\]\([^()\[\]]*\))")
_LINK = re.compile(r"\[([^\[\]]+)\]\(([^()\[\]]*)\)")


class FrequentQuestion(models.Model):
    question = models.CharField("pregunta", max_length=200, unique=True)
    answer = models.TextField("respuesta", max_length=4000)
    position = models.PositiveSmallIntegerField("orden")
    published = models.BooleanField("se muestra", default=True)

    class Meta:
        verbose_name = "pregunta frecuente"
        verbose_name_plural = "preguntas frecuentes"
        ordering = ["position", "pk"]

    def __str__(self) -> str:
        return self.question

    def clean(self) -> None:
        """A link leads to a page that exists, or the answer is refused."""
        unknown = sorted({page for _text, page in _LINK.findall(self.answer) if page not in PAGES})
        if unknown:
            raise ValidationError({"answer": f"No hay una página «{unknown[0]}». Hay: {', '.join(PAGES)}."})

    @property
    def plain(self) -> str:
        """The answer as one reads it: of a link, its text."""
        return _LINK.sub(r"\1", self.answer)

    @property
    def paragraphs(self) -> list[SafeString]:
        """The answer for a page: everything escaped, besides the links that are made here."""
        blocks = re.split(r"\n\s*\n", self.answer.replace("\r\n", "\n"))
        return [format_html_join("", "{}", ((part,) for part in _parts(block.strip()))) for block in blocks]


def published_questions() -> models.QuerySet[FrequentQuestion]:
    return FrequentQuestion.objects.filter(published=True)


def _parts(block: str) -> Iterator[str]:
    """Text and links by turns. A link to nowhere (`clean` was not asked) is its text."""
    for part in _MARK.split(block):
        link = _LINK.fullmatch(part)
        if part == _PHONE:
            yield format_html('<a href="tel:{0}">{0}</a>', settings.PORTAL_PHONE)
        elif part == _HOURS:
            yield str(settings.PORTAL_PHONE_HOURS)
        elif link is None:
            yield part
        elif link[2] in PAGES:
            yield format_html('<a href="{}">{}</a>', public_path(link[2]), link[1])
        else:
            yield link[1]
