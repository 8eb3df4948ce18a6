"""Tickets for other seats of the same tier; and who may change them (`ticketing/roles.py`)."""

from importlib import import_module
from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent
make = import_module("ticketing.migrations.0009_roles").make


def forwards(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute((HERE / "0013_reseating.sql").read_text(encoding="utf-8"))


class Migration(migrations.Migration):
    dependencies = [("ticketing", "0012_roles_logins"), ("inventory", "0011_swap")]

    operations = [
        migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False),
        migrations.AlterModelOptions(
            name="order",
            options={
                "ordering": ("-id",),
                "permissions": [
                    ("refund_order", "Can refund a paid order"),
                    ("cancel_order", "Can cancel an unpaid order"),
                    ("resend_tickets", "Can send an order's tickets again"),
                    ("erase_contact", "Can erase whom an order is for"),
                    ("reseat_order", "Can give an order other seats of the same tier"),
                ],
            },
        ),
        migrations.RunPython(make, migrations.RunPython.noop),
    ]
