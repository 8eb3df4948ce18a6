"""A line costs its tier's price or an exception's, in SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


def forwards(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute((HERE / "0011_parity.sql").read_text(encoding="utf-8"))


class Migration(migrations.Migration):
    dependencies = [("ticketing", "0010_roles_hold")]
    operations = [migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False)]
