"""What documents say, as they were issued; who asked for a letter again; whose contact was erased. Rules beside this."""

from pathlib import Path

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

from core.owner import program_role, quoted

HERE = Path(__file__).parent


def forwards(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute((HERE / "0005_papers.sql").read_text(encoding="utf-8"))
        cursor.execute(f"REVOKE DELETE, TRUNCATE ON ticketing_contacterasure FROM {quoted(program_role())}")


class Migration(migrations.Migration):
    dependencies = [
        ("ticketing", "0004_categories"),
    ]

    operations = [
        migrations.CreateModel(
            name="ContactErasure",
            fields=[
                (
                    "order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="contact_erasure",
                        serialize=False,
                        to="ticketing.order",
                    ),
                ),
                ("actor", models.CharField(max_length=64)),
                ("reason_code", models.CharField(max_length=32)),
                ("erased_at", models.DateTimeField()),
            ],
        ),
        migrations.RemoveConstraint(
            model_name="document",
            name="credit_note_is_of_a_refund",
        ),
        migrations.RemoveConstraint(
            model_name="seller",
            name="seller_code_fits_a_number",
        ),
        migrations.AddField(
            model_name="document",
            name="says",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="letter",
            name="actor",
            field=models.CharField(blank=True, db_default="", default="", max_length=64),
        ),
        migrations.AlterField(
            model_name="document",
            name="kind",
            field=models.CharField(
                choices=[
                    ("invoice", "Tax invoice"),
                    ("bill_of_supply", "Bill of supply"),
                    ("invoice_cum_bill_of_supply", "Invoice-cum-bill of supply"),
                    ("receipt", "Receipt"),
                    ("credit_note", "Credit note"),
                    ("refund_receipt", "Refund receipt"),
                ],
                max_length=26,
            ),
        ),
        migrations.AlterField(
            model_name="seller",
            name="code",
            field=models.CharField(
                help_text="Begins every document number: MUM gives MUM/26-27/000123. Never changes once a document is out.",
                max_length=3,
                unique=True,
                validators=[django.core.validators.RegexValidator("^[A-Z0-9]{3}$", "Three capital letters or digits.")],
            ),
        ),
        migrations.AddConstraint(
            model_name="document",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["credit_note", "refund_receipt"]), ("refund__isnull", False)),
                    models.Q(
                        ("kind__in", ["invoice", "bill_of_supply", "invoice_cum_bill_of_supply", "receipt"]),
                        ("refund__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="credit_note_is_of_a_refund",
            ),
        ),
        migrations.AddConstraint(
            model_name="seller",
            constraint=models.CheckConstraint(
                condition=models.Q(("code__regex", "^[A-Z0-9]{3}$")), name="seller_code_fits_a_number"
            ),
        ),
        migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False),
    ]
