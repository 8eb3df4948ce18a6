"""An order's lines are told with the seats they have now."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


def forwards(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute((HERE / "0022_seats_now.sql").read_text(encoding="utf-8"))


class Migration(migrations.Migration):
    dependencies = [("ticketing", "0021_roles_selling")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False)]
