"""The order of pages is written here and nowhere else; and, beside each page, how the help tells it.

`title` stands in the page's own title and in the help; `tells` is what the help says of the page: what one
does there, in the words of its buttons.
"""

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
    Step("politicas",  AcceptPolicies,       gives=("policies_accepted",),
         title="políticas de seguridad",
         tells="Leés las políticas de seguridad y tocás ACEPTO. Sin aceptarlas no se puede crear la clave."),
    Step("cuil",       EnterCuil,            gives=("cuil", "abroad", "existing_clave", "has_tramite"),
         title="tu CUIL",
         tells="Escribís tu número de CUIL y el código de la imagen, decís si vivís en Argentina o en el"
               " exterior, y tocás CONTINUAR."),
    Step("aviso",      WarnOfExistingClave,  gives=("replacement_agreed",), when=has_clave,
         title="ya tenés una clave",
         tells="Sólo si ya tenías una clave: te contamos qué pasa con ella. Si está habilitada, sigue"
               " funcionando hasta que habilites la nueva; si está pendiente, deja de servir con su"
               " formulario. Tocás CONTINUAR."),
    Step("datos",      ConfirmPersonalData,  gives=("data_confirmed", "online_shut"),
         title="tus datos",
         tells="Te mostramos tus datos en parte, para cuidar tu privacidad. Si están bien tocás CORRECTOS;"
               " si no, INCORRECTOS, y te decimos qué llevar a una oficina para corregirlos."),
    Step("como",       ChooseWay,            gives=("way",),                when=may_prove_online,
         title="cómo querés seguir",
         tells="Elegís cómo habilitar tu clave: POR INTERNET, AHORA o CON EL FORMULARIO USI-07."),
    Step("tramite",    EnterTramite,         gives=("tramite_checked",),    when=online_with_tramite,
         title="número de trámite",
         tells="Escribís los 11 números del «Trámite N°» que figura en tu último DNI vigente y tocás"
               " CONTINUAR. Si no lo encontrás, podés seguir con el formulario USI-07. Si no lo tenemos"
               " registrado, esta página no aparece y pasás a las preguntas."),
    Step("preguntas",  AnswerQuizToCreate,   gives=("quiz_passed",),        when=online,
         title="preguntas de identificación",
         tells="Respondés preguntas sobre vos, una por página: por ejemplo, en qué empresas trabajaste. En"
               " cada una elegís una respuesta y tocás CONTINUAR. Si alguna no fue correcta, podés pedir"
               " NUEVAS PREGUNTAS DE IDENTIFICACIÓN."),
    Step("clave",      ChoosePassword,       gives=("clave_issued",),       when=online, seals=True,
         title="elegí tu clave",
         tells="Elegís tu clave, de 8 a 15 letras y números y con al menos una mayúscula, y la escribís otra"
               " vez. Si querés, también tu E-Mail, para avisarte de lo que pase con ella. Tocás CREAR"
               " CLAVE."),
    Step("listo",      ClaveIssued,                                         when=online,
         title="clave habilitada",
         tells="Tu clave queda habilitada con nivel 2. Tocás COMENZAR A UTILIZAR e ingresás con tu CUIL, tu"
               " clave y el código de la imagen."),
    Step("papel",      ExplainPaperWay,      gives=("paper_agreed",),       when=turned_to_paper,
         title="seguí con el formulario USI-07",
         tells="Sólo si quisiste seguir por Internet y no se pudo: te decimos por qué y cómo sigue el"
               " trámite con el formulario USI-07. Tocás CONTINUAR."),
    Step("pendiente",  AskForPendingClave,   gives=("pending_issued",),     when=on_paper, seals=True,
         title="contacto y clave",
         tells="Escribís tu E-Mail y elegís tu clave, de 8 a 15 letras y números y con al menos una"
               " mayúscula. Si vivís en el exterior, también tu país, domicilio y teléfono. Tocás CREAR"
               " CLAVE."),
    Step("formulario", PendingClaveIssued,                                  when=on_paper,
         title="clave creada, pendiente",
         tells="Tu clave queda creada y pendiente, y te decimos hasta qué día la podés habilitar. Tocás"
               " DESCARGAR FORMULARIO USI-07 y anotás su número."),
)  # fmt: skip

ENABLE = Journey("habilitar", "Habilitá tu Clave",
    Step("identificacion", IdentifyToEnable,   gives=("pending_known", "cuil"),
         title="proceso de identificación personal",
         tells="Escribís tu número de CUIL, la clave que elegiste y el código de la imagen, y tocás"
               " CONTINUAR."),
    Step("preguntas",      AnswerQuizToEnable, gives=("quiz_passed", "clave_enabled"), seals=True,
         title="preguntas de identificación",
         tells="Respondés preguntas sobre vos, una por página. En cada una elegís una respuesta y tocás"
               " CONTINUAR. Puede haber más de una correcta: alcanza con elegir una."),
    Step("listo",          ClaveEnabled,
         title="tu clave fue habilitada",
         tells="Tu clave queda habilitada y ya no necesitás el formulario USI-07. Tocás COMENZAR A UTILIZAR"
               " e ingresás con ella."),
)  # fmt: skip

JOURNEYS = (CREATE, ENABLE)
