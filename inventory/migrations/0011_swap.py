"""Swapping places: the verb, what it may do, and the trigger's look at what it exchanges."""

from pathlib import Path

from django.db import migrations, models

HERE = Path(__file__).parent


def forwards(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute((HERE / "0011_swap.sql").read_text(encoding="utf-8"))


class Migration(migrations.Migration):
    dependencies = [
        ("inventory", "0010_hold_permissions"),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name="movement",
            name="movement_verb_is_known",
        ),
        migrations.AlterField(
            model_name="movement",
            name="verb",
            field=models.CharField(
                choices=[
                    ("load_manifest", "Load manifest"),
                    ("add_places", "Add places"),
                    ("lock_places", "Lock places"),
                    ("extend_lock", "Extend lock"),
                    ("begin_payment", "Begin payment"),
                    ("end_payment", "End payment"),
                    ("release_lock", "Release lock"),
                    ("expire_locks", "Expire locks"),
                    ("commit_lock", "Commit lock"),
                    ("return_sold", "Return sold"),
                    ("swap_places", "Swap places"),
                    ("place_hold", "Place hold"),
                    ("extend_hold", "Extend hold"),
                    ("release_hold", "Release hold"),
                    ("kill_places", "Kill places"),
                    ("unkill_places", "Unkill places"),
                    ("allocate_places", "Allocate places"),
                    ("run_due_releases", "Run due releases"),
                    ("freeze", "Freeze"),
                    ("thaw", "Thaw"),
                ],
                max_length=16,
            ),
        ),
        migrations.AddConstraint(
            model_name="movement",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "verb__in",
                        [
                            "load_manifest",
                            "add_places",
                            "lock_places",
                            "extend_lock",
                            "begin_payment",
                            "end_payment",
                            "release_lock",
                            "expire_locks",
                            "commit_lock",
                            "return_sold",
                            "swap_places",
                            "place_hold",
                            "extend_hold",
                            "release_hold",
                            "kill_places",
                            "unkill_places",
                            "allocate_places",
                            "run_due_releases",
                            "freeze",
                            "thaw",
                        ],
                    )
                ),
                name="movement_verb_is_known",
            ),
        ),
        migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False),
    ]
