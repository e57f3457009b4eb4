import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('waitingroom', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='serving',
            name='units_free',
            field=models.IntegerField(null=True),
        ),
        migrations.DeleteModel(name='Sketch'),
        migrations.CreateModel(
            name='Sketch',
            fields=[
                ('pk', models.CompositePrimaryKey('room_id', 'part', blank=True, editable=False, primary_key=True, serialize=False)),
                ('part', models.CharField(max_length=8)),
                ('body', models.BinaryField()),
                ('room', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='waitingroom.room')),
            ],
            options={
                'db_table': 'waitingroom_sketch',
            },
        ),
        migrations.CreateModel(
            name='Entry',
            fields=[
                ('pk', models.CompositePrimaryKey('room_id', 'identity', blank=True, editable=False, primary_key=True, serialize=False)),
                ('identity', models.CharField(max_length=32)),
                ('entered_at', models.DateTimeField()),
                ('expires_at', models.DateTimeField()),
                ('done_at', models.DateTimeField(null=True)),
                ('room', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='waitingroom.room')),
            ],
            options={
                'db_table': 'waitingroom_entry',
                'indexes': [models.Index(condition=models.Q(('done_at__isnull', True)), fields=['room', 'expires_at'], name='waitingroom_inside')],
            },
        ),
    ]
