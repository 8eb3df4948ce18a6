"""Complimentary tickets: to whom and why, in SQL beside this file; and an order may name somebody without a contact."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from core.owner import program_role, quoted

HERE = Path(__file__).parent
RECIPIENTS = [
    ("sponsor", "Sponsor"),
    ("corporate", "Corporate"),
    ("influencer", "Influencer"),
    ("press", "Press"),
    ("artist", "Artist"),
    ("house", "House guest"),
    ("staff", "Staff"),
    ("authority", "Authority"),
]


def forwards(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute((HERE / "0016_complimentary.sql").read_text(encoding="utf-8"))
        cursor.execute(f"REVOKE DELETE, TRUNCATE ON ticketing_complimentary FROM {quoted(program_role())}")


class Migration(migrations.Migration):
    dependencies = [("ticketing", "0015_roles_slice"), ("inventory", "0014_sell_from_hold")]

    operations = [
        migrations.CreateModel(
            name="Complimentary",
            fields=[
                (
                    "order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="complimentary",
                        serialize=False,
                        to="ticketing.order",
                    ),
                ),
                ("recipient", models.CharField(choices=RECIPIENTS, max_length=10, verbose_name="given to")),
                ("reason_code", models.CharField(max_length=32)),
            ],
            options={
                "permissions": [("issue_complimentary", "Can give complimentary tickets")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("recipient__in", [code for code, _ in RECIPIENTS])),
                        name="complimentary_recipient_is_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("reason_code", ""), _negated=True), name="complimentary_says_why"
                    ),
                ],
            },
        ),
        migrations.RemoveConstraint(model_name="ordercontact", name="order_contact_is_given"),
        migrations.AlterField(
            model_name="ordercontact", name="contact", field=models.CharField(blank=True, max_length=120)
        ),
        migrations.AddConstraint(
            model_name="ordercontact",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("contact", ""), _negated=True), models.Q(("name", ""), _negated=True), _connector="OR"
                ),
                name="order_contact_names_somebody",
            ),
        ),
        migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False),
    ]
