"""A hold that is ordered and not yet paid has no end and no ladder."""

from pathlib import Path

from django.db import migrations, models
from django.db.models import Q

HERE = Path(__file__).parent


def forwards(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute((HERE / "0015_ordered_holds.sql").read_text(encoding="utf-8"))


class Migration(migrations.Migration):
    dependencies = [("inventory", "0014_sell_from_hold")]

    operations = [
        migrations.AddConstraint(
            model_name="claim",
            constraint=models.CheckConstraint(
                condition=~Q(kind="hold") | Q(reference="") | Q(expires_at__isnull=True),
                name="ordered_hold_has_no_end",
            ),
        ),
        migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False),
    ]
