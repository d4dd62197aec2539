"""The order of pages is written here and nowhere else."""

from journeys.engine import Journey, Step
from journeys.facts import (
    has_clave,
    may_prove_online,
    on_paper,
    online,
    online_with_tramite,
    turned_to_paper,
)
from journeys.pages.answering import AnswerQuizToCreate, AnswerQuizToEnable
from journeys.pages.creating import (
    AcceptPolicies,
    ChoosePassword,
    ChooseWay,
    ClaveIssued,
    ConfirmPersonalData,
    EnterCuil,
    EnterTramite,
    WarnOfExistingClave,
)
from journeys.pages.enabling import ClaveEnabled, IdentifyToEnable
from journeys.pages.on_paper import AskForPendingClave, ExplainPaperWay, PendingClaveIssued

CREATE = Journey("crear", "Creá tu Clave",
    Step("politicas",  AcceptPolicies,       gives=("policies_accepted",)),
    Step("cuil",       EnterCuil,            gives=("cuil", "abroad", "existing_clave", "has_tramite")),
    Step("aviso",      WarnOfExistingClave,  gives=("replacement_agreed",), when=has_clave),
    Step("datos",      ConfirmPersonalData,  gives=("data_confirmed", "online_shut")),
    Step("como",       ChooseWay,            gives=("way",),                when=may_prove_online),
    Step("tramite",    EnterTramite,         gives=("tramite_checked",),    when=online_with_tramite),
    Step("preguntas",  AnswerQuizToCreate,   gives=("quiz_passed",),        when=online),
    Step("clave",      ChoosePassword,       gives=("clave_issued",),       when=online, seals=True),
    Step("listo",      ClaveIssued,                                         when=online),
    Step("papel",      ExplainPaperWay,      gives=("paper_agreed",),       when=turned_to_paper),
    Step("pendiente",  AskForPendingClave,   gives=("pending_issued",),     when=on_paper, seals=True),
    Step("formulario", PendingClaveIssued,                                  when=on_paper),
)  # fmt: skip

ENABLE = Journey("habilitar", "Habilitá tu Clave",
    Step("identificacion", IdentifyToEnable,   gives=("pending_known", "cuil")),
    Step("preguntas",      AnswerQuizToEnable, gives=("quiz_passed", "clave_enabled"), seals=True),
    Step("listo",          ClaveEnabled),
)  # fmt: skip

JOURNEYS = (CREATE, ENABLE)
