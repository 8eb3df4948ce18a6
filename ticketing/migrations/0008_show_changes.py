"""What was decided about a show as a whole. The program appends to it, and changes nothing there."""

import django.db.models.deletion
from django.db import migrations, models

from core.owner import program_role, quoted


def only_append(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"REVOKE UPDATE, DELETE, TRUNCATE ON ticketing_showchange FROM {quoted(program_role())}")


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0009_incidents_of_money"),
        ("ticketing", "0007_order_verbs"),
    ]

    operations = [
        migrations.CreateModel(
            name="ShowChange",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.CharField(max_length=10)),
                ("was", models.CharField(max_length=10)),
                ("at", models.DateTimeField()),
                ("actor", models.CharField(max_length=64)),
                ("reason_code", models.CharField(max_length=32)),
                ("note", models.CharField(blank=True, default="", max_length=500)),
                ("gives_back", models.BooleanField(default=False, verbose_name="money goes back")),
                (
                    "show",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="inventory.show",
                    ),
                ),
            ],
            options={
                "ordering": ("-id",),
                "permissions": [
                    ("publish_show", "Can put a show on sale, pause it and close it"),
                    ("cancel_show", "Can cancel a show"),
                ],
                "indexes": [models.Index(fields=["show", "id"], name="change_of_show")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("reason_code", ""), _negated=True), name="show_change_says_why"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("state", models.F("was")), _negated=True), name="show_change_is_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("gives_back", False), ("state", "cancelled"), _connector="OR"),
                        name="only_a_cancelled_show_gives_back",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("state", "cancelled")), fields=("show",), name="show_is_cancelled_once"
                    ),
                ],
            },
        ),
        migrations.RunPython(only_append, migrations.RunPython.noop),
    ]
