from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("inventory", "0009_incidents_of_money")]

    operations = [
        migrations.AlterModelOptions(
            name="hold",
            options={
                "permissions": [
                    ("place_hold", "Can hold places and extend holds"),
                    ("break_hold", "Can break holds and release places from them"),
                ]
            },
        ),
    ]
