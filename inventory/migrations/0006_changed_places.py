"""What may have changed since a read looked: for reads that tell only the difference."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


def forwards(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute((HERE / "0006_changed_places.sql").read_text(encoding="utf-8"))


class Migration(migrations.Migration):
    dependencies = [("inventory", "0005_choosing")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False)]
