"""Each party closes its log in a circle by `regulations.circle-closed`."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    """`closed` comes: where each party closed its log."""

    dependencies: ClassVar = [("ledger", "0003_circles_are_not_closed")]

    operations: ClassVar = [migrations.AddField("circle", "closed", models.JSONField(default=dict))]
