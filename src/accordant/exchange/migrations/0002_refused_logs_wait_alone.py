"""A log that a peer refuses waits by itself; what was last sent of it is not kept, as nothing ever read it."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """`sent` and `sent_at` become `tries` and `next_try_at`."""

    dependencies: ClassVar = [("exchange", "0001_initial")]

    operations: ClassVar = [
        migrations.RemoveField("peerlog", "sent"),
        migrations.RemoveField("peerlog", "sent_at"),
        migrations.AddField("peerlog", "tries", models.IntegerField(default=0)),
        migrations.AddField("peerlog", "next_try_at", models.BigIntegerField(default=0)),
    ]
