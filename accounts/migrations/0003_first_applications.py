"""The three that the guide names with level 3, and the ones that any key opens."""

from django.db import migrations

APPLICATIONS = (
    ("Mis datos personales", 2),
    ("Constancia de CUIL", 2),
    ("Mis asignaciones", 2),
    ("Historia laboral", 2),
    ("Recibos y fechas de cobro", 2),
    ("Servicios Corporativos", 3),
    ("Cambio de lugar de Cobro", 3),
    ("Reparación Histórica (Solo abogados)", 3),
)


def load(apps, editor):
    Application = apps.get_model("accounts", "Application")
    for position, (name, level) in enumerate(APPLICATIONS):
        Application.objects.create(name=name, level=level, position=position)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0002_events_are_final")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
