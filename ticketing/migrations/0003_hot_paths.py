"""The functions on every buyer's way, and what doors read, in SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


def forwards(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        for name in ("0003_hot_paths.sql", "0003_in_one_call.sql", "0003_reads.sql"):
            cursor.execute((HERE / name).read_text(encoding="utf-8"))


class Migration(migrations.Migration):
    dependencies = [("ticketing", "0002_referee")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False)]
