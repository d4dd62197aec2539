"""Applications can be withdrawn, and say themselves whether they ask for a clause; kinds of events."""

from django.db import migrations, models


def load(apps, editor):
    """Manual and guide ask for it for this one."""
    apps.get_model("accounts", "Application").objects.filter(name="Servicios Corporativos").update(has_clause=True)


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0008_reading_the_audit'),
    ]

    operations = [
        migrations.AddField(
            model_name='application',
            name='has_clause',
            field=models.BooleanField(default=False, help_text='Para pasar a nivel 3 por ella se acepta una cláusula.', verbose_name='con cláusula'),
        ),
        migrations.AddField(
            model_name='application',
            name='withdrawn',
            field=models.BooleanField(default=False, help_text='Ya no se ofrece a nadie.', verbose_name='retirada'),
        ),
        migrations.AlterField(
            model_name='claveevent',
            name='kind',
            field=models.CharField(choices=[('create_pending', 'Se creó la clave, pendiente de habilitación'), ('create_verified', 'Se creó la clave por internet, con nivel 2'), ('enable_online', 'Se habilitó la clave por internet, con nivel 2'), ('enable_in_office', 'Se habilitó la clave en una oficina, con nivel 3'), ('raise_level', 'La clave pasó a nivel 3'), ('expire', 'La clave venció sin que la habilitaran'), ('replace', 'Otra clave reemplazó a esta'), ('restore', 'La clave reemplazada volvió a valer'), ('revoke', 'Se dio de baja la clave'), ('looked_up', 'Alguien consultó los datos para crear una clave'), ('data_reported', 'Avisaron que los datos son incorrectos'), ('tramite_wrong', 'El número de trámite no coincidió'), ('quiz_opened', 'Empezaron las preguntas de identidad'), ('quiz_passed', 'Las preguntas de identidad se respondieron bien'), ('quiz_failed', 'Las preguntas de identidad no se respondieron bien'), ('form_downloaded', 'Se descargó el formulario USI-07'), ('case_opened', 'Una oficina abrió el caso'), ('deed_proposed', 'Una oficina propuso un cambio, que espera a otra persona'), ('deed_rejected', 'Otra persona de la oficina rechazó el cambio propuesto'), ('deed_expired', 'Nadie decidió a tiempo el cambio propuesto'), ('papers_received', 'Llegaron los papeles del exterior'), ('papers_observed', 'A los papeles del exterior les falta algo'), ('attempts_reset', 'Una oficina restableció los intentos'), ('report_taken', 'Una oficina tomó el aviso de datos incorrectos'), ('report_closed', 'Una oficina resolvió el aviso de datos incorrectos'), ('policies_accepted', 'Aceptó una versión nueva de las políticas'), ('audit_read', 'Se leyó la auditoría'), ('audit_exported', 'Se exportó la auditoría'), ('signed_in', 'Ingreso con la clave'), ('signed_out', 'Salida'), ('staff_in', 'Alguien entró a la oficina'), ('staff_refused', 'Alguien no pudo entrar a la oficina'), ('staff_out', 'Alguien salió de la oficina'), ('factor_tied', 'Un empleado asoció su teléfono'), ('factor_reset', 'Se desvinculó el teléfono de un empleado'), ('employee_changed', 'Se cambió algo de un empleado'), ('content_changed', 'Se cambió un contenido'), ('lookup_missed', 'Se buscó un número que no es de nadie'), ('many_deeds', 'Un empleado hizo más actos en el día que lo habitual')], max_length=20, verbose_name='qué pasó'),
        ),
        migrations.RunPython(load, migrations.RunPython.noop),
    ]
