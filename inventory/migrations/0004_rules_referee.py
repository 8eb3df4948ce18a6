"""What PostgreSQL holds of ladders and freezes, and the functions that reads and verbs share."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


def forwards(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute((HERE / "0004_rules.sql").read_text(encoding="utf-8"))


class Migration(migrations.Migration):
    dependencies = [("inventory", "0003_rules")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False)]
