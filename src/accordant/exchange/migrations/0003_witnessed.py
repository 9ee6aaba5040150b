"""The newest checkpoint of each log that our witness key cosigned."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """`Witnessed` comes."""

    dependencies: ClassVar = [("exchange", "0002_refused_logs_wait_alone")]

    operations: ClassVar = [
        migrations.CreateModel(
            name="Witnessed",
            fields=[
                ("origin", models.CharField(max_length=255, primary_key=True, serialize=False)),
                ("size", models.BigIntegerField()),
                ("note", models.BinaryField()),
            ],
        )
    ]
