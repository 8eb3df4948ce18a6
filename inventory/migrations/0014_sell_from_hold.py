"""Places of a hold may be sold: the verb, and its statement in SQL beside this file."""

from pathlib import Path

from django.db import migrations, models

HERE = Path(__file__).parent
VERBS = (
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
    ("sell_from_hold", "Sell from hold"),
    ("kill_places", "Kill places"),
    ("unkill_places", "Unkill places"),
    ("allocate_places", "Allocate places"),
    ("run_due_releases", "Run due releases"),
    ("freeze", "Freeze"),
    ("thaw", "Thaw"),
)


def forwards(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute((HERE / "0014_sell_from_hold.sql").read_text(encoding="utf-8"))


class Migration(migrations.Migration):
    dependencies = [("inventory", "0013_pool_opens")]

    operations = [
        migrations.AlterField(
            model_name="movement", name="verb", field=models.CharField(choices=list(VERBS), max_length=16)
        ),
        migrations.RemoveConstraint(model_name="movement", name="movement_verb_is_known"),
        migrations.AddConstraint(
            model_name="movement",
            constraint=models.CheckConstraint(
                condition=models.Q(("verb__in", [verb for verb, _ in VERBS])), name="movement_verb_is_known"
            ),
        ),
        migrations.RunPython(forwards, migrations.RunPython.noop, elidable=False),
    ]
