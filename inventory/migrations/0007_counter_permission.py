from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("inventory", "0006_changed_places")]

    operations = [
        migrations.AlterModelOptions(
            name="channel",
            options={"ordering": ("id",), "permissions": [("use_counter", "Can sell at the counter")]},
        ),
    ]
