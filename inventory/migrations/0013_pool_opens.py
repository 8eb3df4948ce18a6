"""From when each channel sells the pool; and the permission to slice it."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


def forwards(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute((HERE / "0013_pool_opens.sql").read_text(encoding="utf-8"))


class Migration(migrations.Migration):
    dependencies = [("inventory", "0012_incidents_by_hour")]

    operations = [
        migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False),
        migrations.AlterModelOptions(
            name="allocation",
            options={
                "ordering": ("show", "-is_pool", "name"),
                "permissions": [("slice_pool", "Can slice the pool by channel and set from when each sells")],
            },
        ),
    ]
