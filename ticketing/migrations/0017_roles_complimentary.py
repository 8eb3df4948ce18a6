"""The roles get what came with complimentary tickets (`ticketing/roles.py`)."""

from importlib import import_module

from django.db import migrations

make = import_module("ticketing.migrations.0009_roles").make


class Migration(migrations.Migration):
    dependencies = [("ticketing", "0016_complimentary")]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
