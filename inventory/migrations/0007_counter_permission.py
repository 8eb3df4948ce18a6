from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("inventory", "0005_choosing")]

    operations = [
        migrations.AlterModelOptions(
            name="channel",
            options={"ordering": ("id",), "permissions": [("use_counter", "Can sell at the counter")]},
        ),
    ]
