"""No fact closes a circle yet (`regulations.circle-closed` is reserved), so nothing said whether one is."""

from typing import ClassVar

from django.db import migrations


class Migration(migrations.Migration):
    """`closed` goes."""

    dependencies: ClassVar = [("ledger", "0002_visible_labels_read_and_see")]

    operations: ClassVar = [migrations.RemoveField("circle", "closed")]
