"""An order may stand over a hold until its party has paid; SQL beside this file."""

from pathlib import Path

from django.db import migrations

HERE = Path(__file__).parent


def forwards(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute((HERE / "0020_orders_from_holds.sql").read_text(encoding="utf-8"))


class Migration(migrations.Migration):
    dependencies = [("ticketing", "0019_roles_guests"), ("inventory", "0015_ordered_holds")]

    operations = [
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
                    ("sell_from_hold", "Can sell from a hold and record its party's money"),
                ],
            },
        ),
        migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False),
    ]
