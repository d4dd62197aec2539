"""Whoever sees a document may unblock the access."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('backoffice', '0004_what_waits_at_an_office'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='employee',
            options={'default_permissions': (), 'permissions': [('look_up', 'Buscar una persona y ver su caso'), ('enable', 'Habilitar con USI-07'), ('raise_level', 'Elevar a nivel 3'), ('enable_by_attorney', 'Habilitar por apoderado'), ('unblock_access', 'Desbloquear el acceso'), ('handle_post', 'Atender el correo del exterior'), ('approve', 'Aprobar lo que otra persona propuso'), ('reset_attempts', 'Restablecer intentos'), ('revoke', 'Revocar una clave'), ('handle_reports', 'Atender avisos'), ('read_audit', 'Leer la auditoría'), ('export_audit', 'Exportar la auditoría'), ('see_board', 'Ver el tablero'), ('edit_content', 'Editar contenidos')], 'verbose_name': 'empleado', 'verbose_name_plural': 'empleados'},
        ),
    ]
