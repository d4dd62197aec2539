"""Frequent questions about what one does with a key that works."""

from django.db import migrations

# Position, among the tens of the first ones; question; answer.
QUESTIONS = (
    (
        92,
        "Sé mi clave y la quiero cambiar. ¿Cómo hago?",
        "Entrá en [Cambiar mi clave](cambiar) con tu CUIL y la clave que tenés ahora. También podés hacerlo "
        "después de ingresar, en Mi clave. La nueva tiene que ser distinta de las últimas cinco. Donde "
        "hubieras dejado abierta tu clave, se cierra.",
    ),
    (
        94,
        "Creo que alguien usa mi clave. ¿Qué hago?",
        "[Ingresá](entrar), abrí Mi clave y mirá la Actividad: lo que no hiciste vos lo podés marcar con No "
        "reconozco esto. Cambiá tu clave y cerrá las otras sesiones, o bloqueá el acceso: desde ese momento "
        "nadie entra, y lo desbloquea una [oficina](oficinas) cuando vas con tu DNI. Si no podés ingresar, "
        "[creá una clave nueva](crear) o llamá al [teléfono].",
    ),
    (
        96,
        "Me llegó un correo que dice que hice algo y no fui yo",
        "Abrí el enlace No fui yo de ese correo: sirve por 10 días, y nunca te pide la clave. Según qué haya "
        "pasado, te devolvemos tu clave anterior o bloqueamos el acceso, y una oficina mira tu caso.",
    ),
    (
        142,
        "¿Dónde veo los datos que tienen de mí?",
        "[Ingresá](entrar) y abrí Mis datos: dice qué hay guardado y de dónde sale, lo podés descargar y "
        "pedir que se corrija. Con una clave de nivel 2 no se muestra completo lo que usamos para comprobar "
        "que sos vos.",
    ),
    (
        144,
        "Necesito una constancia de mi CUIL",
        "[Ingresá](entrar) y abrí Constancia de CUIL: se descarga para imprimir o mandar. Quien la reciba "
        "puede [comprobar que es verdadera](constancia) con el código que lleva.",
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
    dependencies = [("accounts", "0014_applications_that_open")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
