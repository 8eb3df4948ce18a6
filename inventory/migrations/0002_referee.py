"""The referee and the locking path, in SQL beside this file; and the channels every house has."""

from pathlib import Path

from django.db import migrations

from core.owner import program_role, quoted

HERE = Path(__file__).parent


def run(name):
    def forwards(apps, schema_editor):
        sql = (HERE / name).read_text(encoding="utf-8").replace("{program}", quoted(program_role()))
        with schema_editor.connection.cursor() as cursor:
            cursor.execute(sql)

    return migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False)


def make_channels(apps, schema_editor):
    Channel = apps.get_model("inventory", "Channel")
    Channel.objects.create(code="web", name="Web", kind="web", is_capped=True)
    Channel.objects.create(code="counter", name="Counter", kind="counter", is_capped=False)


class Migration(migrations.Migration):
    dependencies = [("inventory", "0001_initial")]
    operations = [
        run("0002_referee.sql"),
        run("0002_lock_places.sql"),
        run("0002_privileges.sql"),
        migrations.RunPython(make_channels, migrations.RunPython.noop),
    ]
