"""Managers and finance read what was done in the admin, as auditors do (`ticketing/roles.py`)."""

from importlib import import_module

from django.db import migrations

make = import_module("ticketing.migrations.0009_roles").make


class Migration(migrations.Migration):
    dependencies = [("ticketing", "0023_caps_of_parties"), ("admin", "0003_logentry_add_action_flag_choices")]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
