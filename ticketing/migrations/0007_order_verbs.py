from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("ticketing", "0006_permissions")]

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
                ],
            },
        ),
    ]
