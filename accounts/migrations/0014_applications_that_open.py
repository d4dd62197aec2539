"""Applications have an address and a name in it, two of them pages of ours; certificates of CUIL."""

import accounts.applications
from django.db import migrations, models
from django.utils.text import slugify

# Former name, name, slug: their pages are at /aplicaciones/<slug>/.
OURS = (
    ("Mis datos personales", "Mis datos", "mis-datos"),
    ("Constancia de CUIL", "Constancia de CUIL", "constancia-de-cuil"),
)


def load(apps, editor):
    """Where the office gave it another name, the page comes as a new application, which it can withdraw."""
    rows = apps.get_model("accounts", "Application").objects
    for former, name, slug in OURS:
        ours = {"name": name, "slug": slug, "address": f"/aplicaciones/{slug}/"}
        known = rows.filter(name=name).first() or rows.filter(name=former).first()
        if known is None:
            rows.create(**ours, level=2, position=0)
        else:
            rows.filter(pk=known.pk).update(**ours)
    taken = set(rows.values_list("slug", flat=True))
    for application in rows.filter(slug=""):
        slug = slugify(application.name)[:60] or "aplicacion"
        slug = f"{slug}-{application.pk}" if slug in taken else slug
        rows.filter(pk=application.pk).update(slug=slug)
        taken.add(slug)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0013_the_holders_own_key'),
    ]

    operations = [
        migrations.CreateModel(
            name='Certificate',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code_hash', models.CharField(max_length=64, verbose_name='huella del código')),
                ('cuil', models.CharField(max_length=11, verbose_name='CUIL')),
                ('issued_on', models.DateField(verbose_name='emitida')),
                ('last_day', models.DateField(verbose_name='vale hasta')),
            ],
            options={
                'verbose_name': 'constancia de CUIL',
                'verbose_name_plural': 'constancias de CUIL',
            },
        ),
        migrations.AddField(
            model_name='application',
            name='address',
            field=models.CharField(blank=True, help_text='https://… en otro sitio, o una página de este. Vacía: se abre desde su propio sitio.', max_length=200, validators=[accounts.applications.refuse_impossible_address], verbose_name='dirección'),
        ),
        migrations.AddField(
            model_name='application',
            name='slug',
            field=models.SlugField(blank=True, db_index=False, default='', help_text='Como se ve en /aplicaciones/…/. Vacío: se arma con el nombre. Después no cambia.', max_length=80, verbose_name='nombre en la dirección'),
            preserve_default=False,
        ),
        migrations.RunPython(load, migrations.RunPython.noop),
        migrations.AlterField(
            model_name='application',
            name='slug',
            field=models.SlugField(blank=True, help_text='Como se ve en /aplicaciones/…/. Vacío: se arma con el nombre. Después no cambia.', max_length=80, unique=True, verbose_name='nombre en la dirección'),
        ),
        migrations.AlterField(
            model_name='claveevent',
            name='kind',
            field=models.CharField(choices=[('create_pending', 'Se creó la clave, pendiente de habilitación'), ('create_verified', 'Se creó la clave por internet, con nivel 2'), ('enable_online', 'Se habilitó la clave por internet, con nivel 2'), ('enable_in_office', 'Se habilitó la clave en una oficina, con nivel 3'), ('raise_level', 'La clave pasó a nivel 3'), ('expire', 'La clave venció sin que la habilitaran'), ('replace', 'Otra clave reemplazó a esta'), ('restore', 'La clave reemplazada volvió a valer'), ('revoke', 'Se dio de baja la clave'), ('looked_up', 'Alguien consultó los datos para crear una clave'), ('data_reported', 'Avisaron que los datos son incorrectos'), ('data_seen', 'Se mostraron todos los datos del registro'), ('data_downloaded', 'Se descargaron los datos del registro'), ('correction_asked', 'Se pidió corregir un dato del registro'), ('certificate_issued', 'Se emitió una constancia de CUIL'), ('tramite_wrong', 'El número de trámite no coincidió'), ('quiz_opened', 'Empezaron las preguntas de identidad'), ('quiz_passed', 'Las preguntas de identidad se respondieron bien'), ('quiz_failed', 'Las preguntas de identidad no se respondieron bien'), ('form_downloaded', 'Se descargó el formulario USI-07'), ('case_opened', 'Una oficina abrió el caso'), ('deed_proposed', 'Una oficina propuso un cambio, que espera a otra persona'), ('deed_rejected', 'Otra persona de la oficina rechazó el cambio propuesto'), ('deed_expired', 'Nadie decidió a tiempo el cambio propuesto'), ('papers_received', 'Llegaron los papeles del exterior'), ('papers_observed', 'A los papeles del exterior les falta algo'), ('attempts_reset', 'Una oficina restableció los intentos'), ('report_taken', 'Una oficina tomó un aviso'), ('report_closed', 'Una oficina resolvió un aviso'), ('policies_accepted', 'Aceptó una versión nueva de las políticas'), ('audit_read', 'Se leyó la auditoría'), ('audit_exported', 'Se exportó la auditoría'), ('signed_in', 'Ingreso con la clave'), ('signed_out', 'Salida'), ('key_suspended', 'La clave no abrió: su titular está bajo curatela'), ('acting_began', 'Un curador empezó a actuar por una persona a su cargo'), ('acting_ended', 'Un curador dejó de actuar por una persona a su cargo'), ('session_closed', 'Se cerró una sesión desde otra'), ('key_changed', 'Se cambió la clave por otra, con el mismo nivel'), ('email_confirmed', 'Se confirmó el correo'), ('email_changed', 'Se cambió el correo'), ('email_undone', 'Se deshizo el cambio de correo'), ('blocked', 'Se bloqueó el acceso'), ('unblocked', 'Una oficina desbloqueó el acceso'), ('not_me', 'Avisaron que algo no lo hizo el titular'), ('staff_in', 'Alguien entró a la oficina'), ('staff_key_right', 'Alguien dio bien la clave de la oficina; faltaba el código'), ('staff_refused', 'Alguien no pudo entrar a la oficina'), ('staff_out', 'Alguien salió de la oficina'), ('factor_tied', 'Un empleado asoció su teléfono'), ('factor_reset', 'Se desvinculó el teléfono de un empleado'), ('employee_changed', 'Se cambió algo de un empleado'), ('content_changed', 'Se cambió un contenido'), ('lookup_missed', 'Se buscó un número que no es de nadie'), ('many_deeds', 'Un empleado hizo más actos en el día que lo habitual')], max_length=20, verbose_name='qué pasó'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(('address', ''), ('address__startswith', '/'), ('address__startswith', 'https://'), _connector='OR'), name='application_address_is_ours_or_https', violation_error_message='La dirección es de este sitio o empieza con https://.'),
        ),
        migrations.AddIndex(
            model_name='certificate',
            index=models.Index(fields=['cuil'], name='certificate_cuil'),
        ),
        migrations.AddIndex(
            model_name='certificate',
            index=models.Index(fields=['last_day'], name='certificate_last_day'),
        ),
        migrations.AddConstraint(
            model_name='certificate',
            constraint=models.UniqueConstraint(fields=('code_hash',), name='certificate_of_one_code'),
        ),
    ]
