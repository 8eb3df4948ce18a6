"""The groups a house starts with: `ticketing/roles.py`."""

from typing import Any

from django.contrib.auth.management import create_permissions
from django.db import migrations

from ticketing.roles import make_roles


def make(apps: Any, schema_editor: Any) -> None:
    # Django makes permissions after all migrations; these groups need them now.
    for app in apps.get_app_configs():
        app.models_module = True
        create_permissions(app, apps=apps, verbosity=0)
        app.models_module = None
    make_roles(apps.get_model("auth", "Group"), apps.get_model("auth", "Permission"))


class Migration(migrations.Migration):
    dependencies = [
        ("ticketing", "0008_show_changes"),
        ("inventory", "0009_incidents_of_money"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("admin", "0003_logentry_add_action_flag_choices"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    # Taken back, the groups stay: somebody may be in them.
    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
