"""What a party has ordered and not paid yet counts towards its contact's cap; SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


def forwards(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute((HERE / "0023_caps_of_parties.sql").read_text(encoding="utf-8"))


class Migration(migrations.Migration):
    dependencies = [("ticketing", "0022_seats_now")]

    operations = [migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False)]
