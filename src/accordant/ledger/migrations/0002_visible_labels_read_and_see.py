"""Views keep reading and seeing apart; they are a cache, made anew at the next request."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """`stub` becomes `reads` and `sees`."""

    dependencies: ClassVar = [("ledger", "0001_initial")]

    operations: ClassVar = [
        migrations.RunSQL("DELETE FROM ledger_visiblelabel", migrations.RunSQL.noop),
        migrations.RunSQL("DELETE FROM ledger_view", migrations.RunSQL.noop),
        migrations.RemoveField("visiblelabel", "stub"),
        migrations.AddField("visiblelabel", "reads", models.BooleanField(), preserve_default=False),
        migrations.AddField("visiblelabel", "sees", models.BooleanField(), preserve_default=False),
    ]
