"""A report says what it is about: wrong data, or something that was not done by the holder of a key."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0004_an_index_for_each_state_of_a_report'),
    ]

    operations = [
        migrations.AlterModelOptions(
            name='wrongdatareport',
            options={'verbose_name': 'aviso a la oficina', 'verbose_name_plural': 'avisos a la oficina'},
        ),
        migrations.RemoveConstraint(
            model_name='wrongdatareport',
            name='one_open_report_per_cuil',
        ),
        migrations.RemoveConstraint(
            model_name='wrongdatareport',
            name='report_says_who_and_how_it_ended',
        ),
        migrations.RemoveIndex(
            model_name='wrongdatareport',
            name='report_open',
        ),
        migrations.RemoveIndex(
            model_name='wrongdatareport',
            name='report_taken',
        ),
        migrations.RemoveIndex(
            model_name='wrongdatareport',
            name='report_closed',
        ),
        migrations.AddField(
            model_name='wrongdatareport',
            name='kind',
            field=models.CharField(choices=[('wrong_data', 'Datos incorrectos'), ('not_me', '«No fui yo»')], default='wrong_data', max_length=10, verbose_name='de qué'),
        ),
        migrations.AlterField(
            model_name='wrongdatareport',
            name='result',
            field=models.CharField(blank=True, choices=[('corrected', 'Se corrigió en el registro'), ('right', 'Los datos estaban bien'), ('absent', 'La persona no vino'), ('secured', 'Se aseguró la clave'), ('own', 'Había sido la misma persona')], max_length=9, verbose_name='resultado'),
        ),
        migrations.AddIndex(
            model_name='wrongdatareport',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['kind', 'id'], name='report_open'),
        ),
        migrations.AddIndex(
            model_name='wrongdatareport',
            index=models.Index(condition=models.Q(('state', 'taken')), fields=['kind', 'id'], name='report_taken'),
        ),
        migrations.AddIndex(
            model_name='wrongdatareport',
            index=models.Index(condition=models.Q(('state', 'closed')), fields=['kind', 'id'], name='report_closed'),
        ),
        migrations.AddConstraint(
            model_name='wrongdatareport',
            constraint=models.UniqueConstraint(condition=models.Q(('closed_at', None)), fields=('cuil', 'kind'), name='one_open_report_per_cuil'),
        ),
        migrations.AddConstraint(
            model_name='wrongdatareport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('closed_at', None), ('result', ''), ('state', 'open'), ('taken_at', None), ('taken_by', None)), models.Q(('closed_at', None), ('result', ''), ('state', 'taken'), ('taken_at__isnull', False), ('taken_by__isnull', False)), models.Q(('closed_at__isnull', False), ('state', 'closed'), ('taken_at__isnull', False), ('taken_by__isnull', False), models.Q(models.Q(('kind', 'wrong_data'), ('result__in', ['corrected', 'right', 'absent'])), models.Q(('kind', 'not_me'), ('result__in', ['secured', 'own', 'absent'])), _connector='OR')), _connector='OR'), name='report_says_who_and_how_it_ended', violation_error_message='Un aviso lo toma alguien, y se resuelve con un resultado.'),
        ),
    ]
