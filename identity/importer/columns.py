"""What a column of the register's files may hold.

Each check returns the value as it will be stored, or raises `Refused` with a reason in Spanish that
never repeats the value: reasons are written to a file that staff pass around.

Beside its check, a column has a `pattern`: a regular expression for values that are surely right as
they stand. Nearly all rows are made of such values and never meet the checks, which is ten times
faster. A pattern may be too narrow, never too wide.
"""

import re
import unicodedata
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial

from django.utils import timezone

from identity.cuil import Cuil, InvalidCuil
from offices.provinces import PROVINCES

Check = Callable[[str], str]

WRONG_CUIL = "no es correcto (son 11 números y el último controla a los otros)"
EARLIEST = date(1880, 1, 1)
LATEST = date(2199, 12, 31)

# Printable Latin-1, without what CSV quotes, and without Â and Ã, which are right in very few words
# and in most cases the trace of a wrong encoding.
_PLAIN = r"!#-+\--~°º¡¿À-ÁÄ-ÖØ-öø-ÿ"
_WRONG_ENCODING = re.compile(
    "[ÂÃ][\u0080-\u00bf\u0152-\u017e\u0192\u02c6\u02dc\u2013-\u203a\u20ac\u2122]|\ufffd"
)
_SHORT_MONTHS = r"(?:0[1-9]|1[0-2])-(?:0[1-9]|1[0-9]|2[0-8])"
_LONG_MONTHS = r"(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31"
_ISO = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Refused(ValueError):
    """The row cannot be taken. The message is a reason for whoever mends the file."""


@dataclass(frozen=True)
class Column:
    """One column of a file. `field` is its column in the database, where that has another name."""

    name: str
    check: Check
    pattern: str
    field: str = ""
    is_date: bool = False
    is_cuil: bool = False

    @property
    def stored_as(self) -> str:
        return self.field or self.name

    def read(self, raw: str) -> str:
        """The value as it will be stored.

        Raises:
            Refused: naming the column.
        """
        try:
            return self.check(tidy(raw))
        except Refused as refused:
            raise Refused(f"{self.name}: {refused}") from None


def tidy(raw: str) -> str:
    """Without space around it, on one line, accents composed.

    Raises:
        Refused: it holds something that cannot be seen, or was written in another encoding.
    """
    if "\n" in raw:  # an address on two lines is still an address
        raw = " ".join(part.strip() for part in raw.splitlines())
    value = unicodedata.normalize("NFC", raw.replace("\u00a0", " ").strip())
    if not value.isprintable():
        raise Refused("tiene caracteres de control o que no se ven")
    if _WRONG_ENCODING.search(value):
        raise Refused("las letras con acento están mal codificadas (se guardó con otra codificación)")
    return value


# --- Columns, by what they hold -----------------------------------------------------------------


def text(name: str, longest: int, *, required: bool = True) -> Column:
    pattern = rf"[{_PLAIN}](?:[{_PLAIN} ]{{0,{longest - 2}}}[{_PLAIN}])?"
    check = partial(_text, longest=longest, required=required)
    return Column(name, check, pattern if required else f"(?:{pattern})?")


def one_of(name: str, values: Collection[str]) -> Column:
    return Column(name, partial(_one_of, values=tuple(values)), f"(?:{'|'.join(values)})")


def cuil(name: str, field: str = "") -> Column:
    # The check digit is left to check_digits.py, which does a whole block at once.
    return Column(name, _cuil, r"2[03-7]-?[0-9]{8}-?[0-9]", field=field, is_cuil=True)


def past_date(name: str, *, required: bool = True) -> Column:
    """A day that has come already. The year that runs is not in the pattern: it needs the check."""
    return _date(name, until=datetime.now(UTC).year - 1, check=_past_date, required=required)


def any_date(name: str, *, required: bool = True) -> Column:
    return _date(name, until=2099, check=_any_date, required=required)


def document_number(name: str) -> Column:
    return Column(name, _document_number, r"[0-9A-Z]{1,20}")


def postal_code(name: str) -> Column:
    return Column(name, _postal_code, r"(?:[1-9][0-9]{3}|[A-HJ-NP-Z][1-9][0-9]{3}[A-Z]{3})")


def province(name: str) -> Column:
    return Column(name, _province, "[A-HJ-NP-Z]?")


def phone(name: str) -> Column:
    return Column(name, _phone, r"(?:\+?[0-9(](?:[0-9() \-]{0,37}[0-9])?)?")


def country(name: str) -> Column:
    return Column(name, _country, "[A-Z]{2}")


def tramite(name: str, field: str) -> Column:
    return Column(name, _tramite, "(?:[0-9]{11})?", field=field)


# --- Checks -------------------------------------------------------------------------------------


def _text(value: str, *, longest: int, required: bool) -> str:
    if not value and required:
        raise Refused("falta")
    if len(value) > longest:
        raise Refused(f"tiene más de {longest} caracteres")
    return value


def _one_of(value: str, *, values: tuple[str, ...]) -> str:
    if value not in values:
        raise Refused("falta" if not value else f"tiene que ser uno de {', '.join(values)}")
    return value


def _cuil(value: str) -> str:
    if not value:
        raise Refused("falta")
    try:
        return Cuil.parse(value)
    except InvalidCuil:
        raise Refused(WRONG_CUIL) from None


def _date(name: str, *, until: int, check: Callable[[str], date], required: bool) -> Column:
    years = rf"(?:19[0-9]{{2}}|{_years_from_2000(until)})"
    pattern = rf"{years}-(?:{_SHORT_MONTHS}|{_LONG_MONTHS})"
    return Column(
        name,
        partial(_optional_date, check=check, required=required),
        pattern if required else f"(?:{pattern})?",
        is_date=True,
    )


def _years_from_2000(until: int) -> str:
    tens, ones = divmod(until - 2000, 10)
    whole_decades = rf"20[0-{tens - 1}][0-9]|" if tens else ""
    return rf"{whole_decades}20{tens}[0-{ones}]"


def _optional_date(value: str, *, check: Callable[[str], date], required: bool) -> str:
    if value:
        return check(value).isoformat()
    if required:
        raise Refused("falta")
    return ""


def _any_date(value: str) -> date:
    if not _ISO.fullmatch(value):
        raise Refused("no es una fecha AAAA-MM-DD")
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise Refused("es un día que no existe") from None
    if not EARLIEST <= day <= LATEST:
        raise Refused(f"está fuera de los años {EARLIEST.year} a {LATEST.year}")
    return day


def _past_date(value: str) -> date:
    day = _any_date(value)
    if day > timezone.localdate():
        raise Refused("está en el futuro")
    return day


def _document_number(value: str) -> str:
    bare = re.sub(r"[\s.\-/]", "", value).upper()
    if not bare:
        raise Refused("falta")
    if not (bare.isascii() and bare.isalnum() and len(bare) <= 20):
        raise Refused("lleva sólo números y letras, hasta 20")
    return bare


def _postal_code(value: str) -> str:
    """Other countries write theirs with spaces and dashes: kept without, they fit."""
    bare = re.sub(r"[\s\-]", "", value).upper()
    if len(bare) > 8:
        raise Refused("tiene más de 8 caracteres")
    return bare


def _province(value: str) -> str:
    if value and value not in PROVINCES:
        raise Refused("no es la letra de una provincia (ISO 3166-2:AR)")
    return value


def _phone(value: str) -> str:
    """A link will dial it: anything but one number would dial something else."""
    if value and not re.fullmatch(r"\+?[0-9(][0-9() \-]{0,38}", value):
        raise Refused("lleva un solo número: cifras, espacios, guiones y paréntesis, hasta 40")
    return value


def _country(value: str) -> str:
    if not re.fullmatch("[A-Z]{2}", value):
        raise Refused("tiene que ser el código de dos letras de un país (ISO 3166-1)")
    return value


def _tramite(value: str) -> str:
    if value and not re.fullmatch("[0-9]{11}", value):
        raise Refused("tiene que tener 11 números, o nada")
    return value
