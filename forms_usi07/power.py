"""The specific power («poder específico»): a model to sign, blank or filled in."""

from dataclasses import dataclass
from datetime import date

from forms_usi07.paper import print_form

# Of the text in the template: whoever changes it changes these, so that an office knows which it has.
VERSION = 1
VERSION_DATE = date(2026, 11, 23)


@dataclass(frozen=True)
class Power:
    """What is known of who gives and who receives it; an empty text is a line to fill in by hand."""

    grantor_name: str = ""
    grantor_cuil: str = ""
    grantor_document: str = ""
    grantee_name: str = ""
    grantee_document: str = ""
    version: int = VERSION
    version_date: date = VERSION_DATE


def render_power(power: Power | None) -> bytes:
    """The PDF; None is the blank model.

    Raises:
        PressBusy: too many are waiting already.
    """
    return print_form("forms_usi07/power.html", "Poder específico", power or Power())
