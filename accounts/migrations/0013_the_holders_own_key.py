"""What the holder does with their own key: another secret, an address of theirs, sessions, a block."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


def secret_of_the_birth(apps, schema_editor):
    """Nobody could change a secret before."""
    apps.get_model('accounts', 'Clave').objects.update(secret_since=models.F('created_at'))


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0012_more_questions'),
    ]

    operations = [
        migrations.CreateModel(
            name='AddressToConfirm',
            fields=[
                ('clave', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to='accounts.clave', verbose_name='clave')),
                ('address', models.EmailField(max_length=254, verbose_name='correo')),
                ('word', models.CharField(max_length=32, verbose_name='palabra de la que sale el código')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='pedido')),
            ],
            options={
                'verbose_name': 'correo por confirmar',
                'verbose_name_plural': 'correos por confirmar',
            },
        ),
        migrations.CreateModel(
            name='OpenSession',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cuil', models.CharField(db_index=True, max_length=11, verbose_name='CUIL')),
                ('seal', models.CharField(max_length=32, verbose_name='sello')),
                ('browser', models.CharField(max_length=60, verbose_name='navegador y sistema')),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='abierta')),
                ('seen_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='usada por última vez')),
            ],
            options={
                'verbose_name': 'sesión abierta',
                'verbose_name_plural': 'sesiones abiertas',
            },
        ),
        migrations.AddField(
            model_name='clave',
            name='email_changed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='correo cambiado el'),
        ),
        migrations.AddField(
            model_name='clave',
            name='email_confirmed_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='correo confirmado el'),
        ),
        migrations.AddField(
            model_name='clave',
            name='former_email',
            field=models.EmailField(blank=True, max_length=254, verbose_name='correo anterior'),
        ),
        migrations.AddField(
            model_name='clave',
            name='former_passwords',
            field=models.JSONField(blank=True, default=list, verbose_name='claves anteriores (hashes)'),
        ),
        migrations.AddField(
            model_name='clave',
            name='secret_since',
            field=models.DateTimeField(default=django.utils.timezone.now, verbose_name='con esta clave desde'),
        ),
        migrations.AddField(
            model_name='user',
            name='blocked_at',
            field=models.DateTimeField(blank=True, null=True, verbose_name='acceso bloqueado desde'),
        ),
        migrations.AlterField(
            model_name='claveevent',
            name='kind',
            field=models.CharField(choices=[('create_pending', 'Se creó la clave, pendiente de habilitación'), ('create_verified', 'Se creó la clave por internet, con nivel 2'), ('enable_online', 'Se habilitó la clave por internet, con nivel 2'), ('enable_in_office', 'Se habilitó la clave en una oficina, con nivel 3'), ('raise_level', 'La clave pasó a nivel 3'), ('expire', 'La clave venció sin que la habilitaran'), ('replace', 'Otra clave reemplazó a esta'), ('restore', 'La clave reemplazada volvió a valer'), ('revoke', 'Se dio de baja la clave'), ('looked_up', 'Alguien consultó los datos para crear una clave'), ('data_reported', 'Avisaron que los datos son incorrectos'), ('tramite_wrong', 'El número de trámite no coincidió'), ('quiz_opened', 'Empezaron las preguntas de identidad'), ('quiz_passed', 'Las preguntas de identidad se respondieron bien'), ('quiz_failed', 'Las preguntas de identidad no se respondieron bien'), ('form_downloaded', 'Se descargó el formulario USI-07'), ('case_opened', 'Una oficina abrió el caso'), ('deed_proposed', 'Una oficina propuso un cambio, que espera a otra persona'), ('deed_rejected', 'Otra persona de la oficina rechazó el cambio propuesto'), ('deed_expired', 'Nadie decidió a tiempo el cambio propuesto'), ('papers_received', 'Llegaron los papeles del exterior'), ('papers_observed', 'A los papeles del exterior les falta algo'), ('attempts_reset', 'Una oficina restableció los intentos'), ('report_taken', 'Una oficina tomó un aviso'), ('report_closed', 'Una oficina resolvió un aviso'), ('policies_accepted', 'Aceptó una versión nueva de las políticas'), ('audit_read', 'Se leyó la auditoría'), ('audit_exported', 'Se exportó la auditoría'), ('signed_in', 'Ingreso con la clave'), ('signed_out', 'Salida'), ('key_suspended', 'La clave no abrió: su titular está bajo curatela'), ('acting_began', 'Un curador empezó a actuar por una persona a su cargo'), ('acting_ended', 'Un curador dejó de actuar por una persona a su cargo'), ('session_closed', 'Se cerró una sesión desde otra'), ('key_changed', 'Se cambió la clave por otra, con el mismo nivel'), ('email_confirmed', 'Se confirmó el correo'), ('email_changed', 'Se cambió el correo'), ('email_undone', 'Se deshizo el cambio de correo'), ('blocked', 'Se bloqueó el acceso'), ('unblocked', 'Una oficina desbloqueó el acceso'), ('not_me', 'Avisaron que algo no lo hizo el titular'), ('staff_in', 'Alguien entró a la oficina'), ('staff_key_right', 'Alguien dio bien la clave de la oficina; faltaba el código'), ('staff_refused', 'Alguien no pudo entrar a la oficina'), ('staff_out', 'Alguien salió de la oficina'), ('factor_tied', 'Un empleado asoció su teléfono'), ('factor_reset', 'Se desvinculó el teléfono de un empleado'), ('employee_changed', 'Se cambió algo de un empleado'), ('content_changed', 'Se cambió un contenido'), ('lookup_missed', 'Se buscó un número que no es de nadie'), ('many_deeds', 'Un empleado hizo más actos en el día que lo habitual')], max_length=20, verbose_name='qué pasó'),
        ),
        migrations.AddIndex(
            model_name='clave',
            index=models.Index(condition=models.Q(('former_email', ''), _negated=True), fields=['email_changed_at'], name='clave_with_former_email'),
        ),
        migrations.AddConstraint(
            model_name='clave',
            constraint=models.CheckConstraint(condition=models.Q(('email_confirmed_at__isnull', True), models.Q(('email', ''), _negated=True), _connector='OR'), name='confirmed_address_is_there', violation_error_message='No hay correo que esté confirmado.'),
        ),
        migrations.AddConstraint(
            model_name='clave',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('email_changed_at__isnull', True), ('former_email', '')), models.Q(models.Q(('former_email', ''), _negated=True), ('email_changed_at__isnull', False)), _connector='OR'), name='former_address_knows_since_when', violation_error_message='De un correo anterior se sabe cuándo dejó de valer.'),
        ),
        migrations.AddIndex(
            model_name='opensession',
            index=models.Index(fields=['seen_at'], name='open_session_seen'),
        ),
        migrations.RunPython(secret_of_the_birth, migrations.RunPython.noop),
    ]
