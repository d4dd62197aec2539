"""The order of pages is written here and nowhere else."""

from journeys.engine import Journey, Step
from journeys.facts import has_clave, has_tramite
from journeys.pages.answering import AnswerQuizToCreate
from journeys.pages.creating import (
    AcceptPolicies,
    ChoosePassword,
    ClaveIssued,
    ConfirmPersonalData,
    EnterCuil,
    EnterTramite,
    WarnOfExistingClave,
)

CREATE = Journey("crear", "Creá tu Clave",
    Step("politicas",  AcceptPolicies,       gives=("policies_accepted",)),
    Step("cuil",       EnterCuil,            gives=("cuil", "abroad", "existing_clave", "has_tramite")),
    Step("aviso",      WarnOfExistingClave,  gives=("replacement_agreed",), when=has_clave),
    Step("datos",      ConfirmPersonalData,  gives=("data_confirmed",)),
    Step("tramite",    EnterTramite,         gives=("tramite_checked",),    when=has_tramite),
    Step("preguntas",  AnswerQuizToCreate,   gives=("quiz_passed",)),
    Step("clave",      ChoosePassword,       gives=("clave_issued",),       seals=True),
    Step("listo",      ClaveIssued),
)  # fmt: skip

JOURNEYS = (CREATE,)
