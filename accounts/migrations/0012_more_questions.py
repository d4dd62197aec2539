"""Frequent questions that the two documents answer and that were missing."""

from django.db import migrations

# Position, among the tens of the first ones; question; answer.
QUESTIONS = (
    (
        34,
        "¿Por qué tengo que aceptar las Políticas de Seguridad?",
        "Porque dicen para qué sirve la clave y a qué te comprometés al usarla. Si tocás NO ACEPTO no "
        "podemos crearla. [Leelas cuando quieras](politicas).",
    ),
    (
        35,
        "¿Es obligatorio tener E-Mail?",
        "Si creás la clave por Internet y en el momento, no: sirve para avisarte de lo que pase con "
        "ella. Con el formulario USI-07, sí: es la manera de recordarte hasta qué día la podés habilitar.",
    ),
    (
        125,
        "¿La clave habilitada vence?",
        "No. Vence solamente la que está pendiente, si no la habilitás a tiempo.",
    ),
    (
        132,
        "¿Qué es la Clave de la Seguridad Social Corporativa?",
        "Es la que necesitás para los Servicios Corporativos, que se usan en nombre de una empresa u "
        "organización. Pide nivel 3: acercate con tu DNI a cualquier [oficina](oficinas), sin turno. Mirá "
        "[más información sobre la Clave Corporativa](clave-corporativa).",
    ),
    (
        134,
        "¿Tengo que sacar turno para ir a una oficina?",
        "No. Para todo lo de tu Clave podés ir a cualquier [oficina de ANSES](oficinas) sin turno previo, "
        "con tu DNI.",
    ),
    (
        136,
        "¿A qué oficina tengo que ir?",
        "A la que te quede mejor. [Buscala](oficinas) por localidad, provincia o código postal. En algunas "
        "zonas hay una oficina indicada: te lo decimos ahí, y también cuando creás tu clave.",
    ),
    (
        162,
        "Vivo en el exterior. ¿Quién certifica mi firma y la copia de mi documento?",
        "Sirve la certificación consular o el sistema simplificado de apostillas. Mirá [todos los "
        "pasos](ayuda-desde-el-exterior).",
    ),
    (
        164,
        "Vivo en el exterior y no tengo el documento que figura en el formulario",
        "Presentá una Constancia de Consulado (o similar) de que el tipo y el número de documento te "
        "pertenecen, más documentación donde consten tu apellido y nombre, fecha de nacimiento y sexo. Todo "
        "tiene que estar intervenido por la autoridad argentina competente en el país donde vivís.",
    ),
    (
        185,
        "Se venció mi clave pendiente. ¿Qué hago?",
        "Se eliminó y su formulario ya no sirve. Podés [crear otra](crear) en el momento: es el mismo "
        "trámite.",
    ),
    (
        242,
        "¿Qué datos míos guardan?",
        "Los que hacen falta para que puedas crear y usar tu Clave, y para cuidarla. Están todos en "
        "[Privacidad](privacidad), con cuánto tiempo los guardamos y cómo pedir que los corrijamos.",
    ),
    (
        252,
        "Uso un lector de pantalla o no puedo usar el mouse. ¿Puedo hacer el trámite?",
        "Sí. Qué podés hacer, lo que todavía falta y cómo avisarnos si algo no te funciona está en "
        "[Accesibilidad](accesibilidad).",
    ),
    (
        254,
        "¿Cuándo atienden el teléfono?",
        "El [teléfono] es gratis desde cualquier lugar del país, para trámites, turnos, consultas e "
        "información general. Horario: [horario]",
    ),
)


def load(apps, editor):
    """Once: what somebody changed or added since stays."""
    FrequentQuestion = apps.get_model("accounts", "FrequentQuestion")
    for position, question, answer in QUESTIONS:
        FrequentQuestion.objects.get_or_create(
            question=question, defaults={"answer": answer, "position": position}
        )


class Migration(migrations.Migration):
    dependencies = [("accounts", "0011_acting_for_others")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
