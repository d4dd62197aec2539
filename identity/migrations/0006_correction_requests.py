"""Requests to correct a datum, joined to the reports of wrong data; when the facts of a CUIL were shown."""

import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('identity', '0005_reports_of_two_kinds'),
    ]

    operations = [
        migrations.CreateModel(
            name='CorrectionRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_by', models.CharField(max_length=11, verbose_name='CUIL de quien lo pidió')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='pedido')),
                ('datum', models.CharField(choices=[('names', 'Apellido o nombres'), ('document', 'CUIL o documento'), ('sex', 'Sexo'), ('birth', 'Fecha de nacimiento'), ('address', 'Domicilio'), ('work', 'Trabajo'), ('health', 'Obra social'), ('payments', 'Lugar de cobro'), ('family', 'Grupo familiar'), ('curatela', 'Curatela'), ('other', 'Otro dato')], max_length=8, verbose_name='dato')),
                ('text', models.TextField(blank=True, max_length=1000, verbose_name='qué hay que corregir')),
                ('report', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='requests', to='identity.wrongdatareport', verbose_name='aviso')),
            ],
            options={
                'verbose_name': 'pedido de corrección',
                'verbose_name_plural': 'pedidos de corrección',
            },
        ),
        migrations.CreateModel(
            name='FactsShown',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('cuil', models.CharField(max_length=11, verbose_name='CUIL')),
                ('last_at', models.DateTimeField(verbose_name='última vez que se mostraron')),
            ],
            options={
                'verbose_name': 'muestra de los datos',
                'verbose_name_plural': 'muestras de los datos',
                'constraints': [models.UniqueConstraint(fields=('cuil',), name='facts_shown_once_per_cuil')],
            },
        ),
    ]
