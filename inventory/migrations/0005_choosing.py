"""Best available, the orphan rule and freezes inside the locking path."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


def run(name):
    def forwards(apps, schema_editor):
        with schema_editor.connection.cursor() as cursor:
            cursor.execute((HERE / name).read_text(encoding="utf-8"))

    return migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False)


class Migration(migrations.Migration):
    dependencies = [("inventory", "0004_rules_referee"), ("core", "0001_initial")]
    operations = [run("0005_windows.sql"), run("0005_lock_places.sql")]
