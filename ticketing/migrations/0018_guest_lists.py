"""Guest lists; what is kept of them in SQL beside this file."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from core.owner import program_role, quoted

HERE = Path(__file__).parent


def forwards(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute((HERE / "0018_guest_lists.sql").read_text(encoding="utf-8"))
        kept = "ticketing_guestlist, ticketing_guest"
        cursor.execute(f"REVOKE DELETE, TRUNCATE ON {kept} FROM {quoted(program_role())}")


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0014_sell_from_hold"),
        ("ticketing", "0017_roles_complimentary"),
    ]

    operations = [
        migrations.CreateModel(
            name="GuestList",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=120)),
                ("digest", models.CharField(max_length=64)),
                ("guest_count", models.PositiveIntegerField(verbose_name="guests")),
                ("ticket_count", models.PositiveIntegerField(verbose_name="tickets")),
                ("reason_code", models.CharField(max_length=32)),
                ("actor", models.CharField(max_length=64)),
                ("issued_at", models.DateTimeField()),
                (
                    "claim",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="guest_lists", to="inventory.claim"
                    ),
                ),
                (
                    "show",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="guest_lists",
                        to="inventory.show",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "permissions": [("import_guests", "Can import guest lists")],
            },
        ),
        migrations.CreateModel(
            name="Guest",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("row", models.PositiveIntegerField(help_text="As the spreadsheet counts: the headings are row 1.")),
                ("note", models.CharField(blank=True, default="", max_length=200)),
                (
                    "order",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="guest", to="ticketing.order"
                    ),
                ),
                (
                    "guest_list",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="guests",
                        to="ticketing.guestlist",
                    ),
                ),
            ],
            options={
                "ordering": ("guest_list", "row"),
            },
        ),
        migrations.AddIndex(
            model_name="guestlist",
            index=models.Index(fields=["show", "digest"], name="guest_list_by_file"),
        ),
        migrations.AddConstraint(
            model_name="guestlist",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("title", ""), _negated=True), models.Q(("reason_code", ""), _negated=True)
                ),
                name="guest_list_says_what_it_is",
            ),
        ),
        migrations.AddConstraint(
            model_name="guestlist",
            constraint=models.CheckConstraint(
                condition=models.Q(("guest_count__gte", 1), ("ticket_count__gte", models.F("guest_count"))),
                name="guest_list_gives_each_guest_a_ticket",
            ),
        ),
        migrations.AddConstraint(
            model_name="guest",
            constraint=models.UniqueConstraint(fields=("guest_list", "row"), name="guest_list_reads_a_row_once"),
        ),
        migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False),
    ]
