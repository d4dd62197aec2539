"""The texts that stood in the templates: the policies of the guide of 2019, word for word, and the frequent
questions, as rows that the office edits from here on.
"""

from datetime import UTC, datetime

from django.db import migrations

# Whoever had a key before accepted these; the moment only says which version is the newer.
POLICIES_FROM = datetime(2019, 1, 1, 3, tzinfo=UTC)
POLICIES = (
    "La Clave de la Seguridad Social requerida es un elemento informático por la cual me "
    "identificaré y autenticaré ante los sistemas de ANSES, y que equivale a mi expresión de "
    "voluntad, para lo que presto mi consentimiento expreso e irrevocable, respecto de las "
    "acciones que realice dentro de los sistemas citados.",
    "Me hago cargo del uso y confidencialidad del identificador del usuario / clave que me "
    "autentican y, habida cuenta de que los datos que incorpore o consulte a través del sitio de "
    "ANSES serán tenidos como ingresados / consultados por mí, me comprometo a mantener mi clave "
    "como de mi exclusivo conocimiento, observando su utilización en forma PERSONAL e "
    "INTRANSFERIBLE; al tiempo que me comprometo a cambiarla periódicamente y modificarla de "
    "manera inmediata ante la suposición o certeza de que un tercero ha llegado a conocerla.",
    "En caso de utilizar la clave para actividades corporativas, me comprometo a guardar "
    "confidencialidad de los datos e información a la que accedo, y emplear los datos cedidos para "
    "el cumplimiento de los fines directamente relacionados con el interés legítimo de ANSES y del "
    "cesionario, quedando sujeto a las mismas obligaciones legales y reglamentarias que ANSES, de "
    "acuerdo a lo establecido en la ley 25.326 - Habeas Data - y su Decreto Reglamentario N° "
    "1558/01 o la que en el futuro la reemplace.",
    "ANSES NUNCA te pedirá que informes o confirmes tu clave mediante Correo Electrónico, SMS o "
    "llamado telefónico.",
    "La clave debe contener letras y números y debe tener una longitud entre 8 (mínimo) y 15 "
    "(máximo) caracteres, no pudiendo contener caracteres repetidos, caracteres especiales como "
    'por ejemplo comillas ("), signos de puntuación/exclamación (;, ¡, ¿) etc, ni utilizarse '
    "series crecientes (como por ejemplo 1234) o decrecientes (como por ejemplo 9876).",
    "Para una mayor seguridad, evitá utilizar claves que tengan relación directa con tu persona, "
    "así como series de caracteres repetidos.",
)

QUESTIONS = (
    (
        "¿Qué es la Clave de la Seguridad Social?",
        "Es una clave de uso personal e intransferible, que permite efectuar distintos trámites de "
        "manera segura a través de la página web de ANSES.",
    ),
    (
        "¿Cuánto cuesta?",
        "Nada. Todos los trámites son gratuitos, por Internet y en las oficinas. No le pagues a "
        "nadie por hacerlos.",
    ),
    (
        "¿Qué necesito para crear mi clave?",
        "Tu número de CUIL y tu DNI vigente. Te vamos a pedir el número de trámite que figura en "
        "el DNI y que respondas algunas preguntas sobre vos. Lleva unos 10 minutos.",
    ),
    (
        "No sé mi CUIL. ¿Dónde lo encuentro?",
        "Figura en tu recibo de sueldo o de jubilación y en tu constancia de CUIL. Mirá [todos los "
        "lugares donde lo podés encontrar](no-se-mi-cuil).",
    ),
    (
        "¿Qué es el número de trámite del DNI?",
        "Es un número de 11 cifras que tiene cada ejemplar del DNI. Si sacaste un DNI nuevo, vale "
        "el número del último. En el DNI nuevo está en el frente, debajo de la fecha de "
        "vencimiento; en el anterior, en el dorso.",
    ),
    (
        "¿Qué preguntas me van a hacer?",
        "Preguntas sobre datos que ya figuran en nuestros registros: por ejemplo, en qué empresas "
        "trabajaste o cuál es tu obra social. Si ninguna opción es tuya, o no te acordás, elegí la "
        "última: «No sé / Ninguna».",
    ),
    (
        "¿Cuánto tiempo tengo para responder cada pregunta?",
        "El tiempo figura arriba de cada pregunta. Si no te alcanza, tocá «Necesito más tiempo» "
        "antes de que termine.",
    ),
    (
        "¿Qué pasa si respondo mal?",
        "Podés intentar nuevamente con otras preguntas. Si superás el máximo de intentos, podés "
        "seguir con el formulario USI-07 y tu DNI en cualquier [oficina](oficinas), sin turno. Por "
        "tu seguridad no te decimos cuál respuesta estuvo mal.",
    ),
    (
        "Olvidé mi clave. ¿Qué hago?",
        "[Creá una nueva](crear): es el mismo trámite. La clave anterior sigue funcionando hasta "
        "que la nueva quede habilitada.",
    ),
    (
        "¿Cómo tiene que ser la clave?",
        "Entre 8 y 15 caracteres, con números y letras y al menos una mayúscula. No puede tener "
        "espacios, acentos ni caracteres especiales, ni caracteres repetidos seguidos, ni series "
        "como 1234 o 9876. Tampoco tu nombre, tu documento ni tu fecha de nacimiento.",
    ),
    (
        "¿Se distingue entre mayúscula y minúscula?",
        "Sí. «Casa» y «casa» son claves distintas. Si no te deja ingresar, fijate que no esté "
        "activada la tecla de mayúsculas o usá el botón «Mostrar».",
    ),
    (
        "¿Qué son los niveles 2 y 3?",
        "El nivel 2 se obtiene por Internet y sirve para casi todas las aplicaciones. El nivel 3 "
        "se obtiene en una [oficina](oficinas), sin turno, presentando tu DNI. Lo necesitás para "
        "Servicios Corporativos, Cambio de lugar de Cobro y Reparación Histórica (Solo abogados).",
    ),
    (
        "¿Cómo paso del nivel 2 al nivel 3?",
        "Acercate con tu DNI a cualquier [oficina de ANSES](oficinas), sin turno, y pedí el cambio "
        "de nivel. No hace falta que cambies la clave.",
    ),
    (
        "Perdí el DNI o no encuentro el número de trámite",
        "Sirve solamente el número del último DNI que te dieron. Si no lo tenés a mano, elegí "
        "seguir con el formulario USI-07: creás tu clave ahora y la habilitás en una "
        "[oficina](oficinas) dentro de los 90 días, cuando tengas tu DNI.",
    ),
    (
        "Mis datos figuran mal. ¿Cómo los corrijo?",
        "Elegí INCORRECTOS cuando te los mostramos y acercate a cualquier [oficina](oficinas) con "
        "tu DNI y el documento que muestre el dato correcto.",
    ),
    (
        "Vivo en el exterior. ¿Puedo crear mi clave?",
        "Sí. [Creala por Internet](crear) eligiendo «En el exterior»: queda pendiente. Después la "
        "podés [habilitar por Internet](habilitar) respondiendo unas preguntas, o con el "
        "formulario USI-07: lo firmás, hacés certificar tu firma y la copia de tu documento (en el "
        "consulado o con apostilla), y lo presenta un apoderado en una oficina o lo mandás por "
        "correo.",
    ),
    (
        "¿Qué es el formulario USI-07?",
        "Es la constancia de que creaste tu clave y está pendiente. Lo imprimís y lo presentás con "
        "tu DNI en cualquier [oficina](oficinas) para habilitarla. Si lo perdiste y tenés su "
        "número, podés [descargarlo de nuevo](usi-07); si no, creá una clave nueva, que te da otro "
        "formulario. Cuando pedís otra clave, el formulario anterior deja de servir.",
    ),
    (
        "Creé mi clave y está pendiente. ¿Cuánto tiempo tengo?",
        "90 días corridos, con el último día incluido: la fecha figura en el formulario y en el "
        "correo que te mandamos. La podés [habilitar por Internet](habilitar) o en una oficina. Si "
        "vence, se elimina y podés crear otra en el momento.",
    ),
    (
        "Me avisaron por correo de una clave que no pedí",
        "Tocá «No fui yo» en ese correo: tenés 10 días. También podés ingresar con tu clave de "
        "siempre y cancelar el pedido. Mientras tanto tu clave sigue funcionando: una clave nueva "
        "no se habilita sin comprobar que sos vos.",
    ),
    (
        "¿Otra persona puede hacer el trámite por mí?",
        "Sí, un apoderado: tiene que presentar en la oficina su DNI y un [poder "
        "específico](poder-especifico-completar), con tu firma debidamente certificada. Nunca le "
        "des tu clave a otra persona.",
    ),
    (
        "Soy curador. ¿Puedo hacer trámites por la persona que tengo a cargo?",
        "Una persona bajo una Relación de Curatela está inhabilitada para generar una clave. Todas "
        "sus gestiones las puede hacer su CURADOR.",
    ),
    (
        "Me llamaron o me escribieron para pedirme la clave",
        "Es un engaño. ANSES nunca te pedirá que informes o confirmes tu clave por correo "
        "electrónico, SMS o llamado telefónico. Si ya la diste, [creá una nueva](crear) cuanto "
        "antes.",
    ),
    (
        "Estoy en una PC de uso público. ¿Qué cuidados tengo que tener?",
        "Usá el teclado virtual para escribir la clave, no dejes que el navegador la guarde y, al "
        "terminar, tocá SALIR y cerrá el navegador.",
    ),
    (
        "¿Por qué se cerró mi sesión?",
        "Por seguridad, si dejás de usar el sitio un rato la sesión se cierra sola. Ingresá otra "
        "vez con tu clave.",
    ),
    (
        "No puedo leer el código de la imagen",
        "Tocá «Cambiar la imagen» hasta que aparezca una que puedas leer. Si no podés, llamá "
        "gratis al [teléfono] o acercate a una [oficina](oficinas).",
    ),
)


def load(apps, editor):
    """Once: what somebody changed or added since stays."""
    PolicyVersion = apps.get_model("accounts", "PolicyVersion")
    FrequentQuestion = apps.get_model("accounts", "FrequentQuestion")
    PolicyVersion.objects.get_or_create(
        name="2019", defaults={"text": "\n".join(POLICIES), "published_at": POLICIES_FROM}
    )
    for number, (question, answer) in enumerate(QUESTIONS, start=1):
        FrequentQuestion.objects.get_or_create(
            question=question, defaults={"answer": answer, "position": number * 10}
        )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0006_content_and_notes")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
