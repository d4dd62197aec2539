"""Three answers say the same as the pages that they speak of, where nobody has written others since."""

from django.db import migrations

# Question; the answer of 0007; the answer now.
ANSWERS = (
    (
        "Me llamaron o me escribieron para pedirme la clave",
        "Es un engaño. ANSES nunca te pedirá que informes o confirmes tu clave por correo "
        "electrónico, SMS o llamado telefónico. Si ya la diste, [creá una nueva](crear) cuanto "
        "antes.",
        "Es un engaño. ANSES nunca te pedirá que informes o confirmes tu clave por correo "
        "electrónico, SMS o llamado telefónico. Si ya la diste, [cambiala](cambiar) enseguida. Si ya no "
        "podés ingresar con ella, [creá una nueva](crear) o llamá al [teléfono].",
    ),
    (
        "Mis datos figuran mal. ¿Cómo los corrijo?",
        "Elegí INCORRECTOS cuando te los mostramos y acercate a cualquier [oficina](oficinas) con "
        "tu DNI y el documento que muestre el dato correcto.",
        "Elegí INCORRECTOS cuando te los mostramos y acercate a cualquier [oficina](oficinas) con "
        "tu DNI y el documento que muestre el dato correcto. Si ya tenés tu clave, [ingresá](entrar) y pedí "
        "la corrección en Mis datos.",
    ),
    (
        "No puedo leer el código de la imagen",
        "Tocá «Cambiar la imagen» hasta que aparezca una que puedas leer. Si no podés, llamá "
        "gratis al [teléfono] o acercate a una [oficina](oficinas).",
        "Escuchalo: tocá «Escuchar el código» y escribí los números que oís. O tocá «Cambiar la imagen» hasta "
        "que aparezca una que puedas leer. Si no podés, llamá gratis al [teléfono] o acercate a una "
        "[oficina](oficinas).",
    ),
)


def write(apps, editor):
    FrequentQuestion = apps.get_model("accounts", "FrequentQuestion")
    for question, before, now in ANSWERS:
        FrequentQuestion.objects.filter(question=question, answer=before).update(answer=now)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0015_questions_about_ones_key")]

    operations = [migrations.RunPython(write, migrations.RunPython.noop)]
