from django.db import migrations


class Migration(migrations.Migration):
    """The library's table has no index to find the expired codes by."""

    dependencies = [("captcha", "0002_alter_captchastore_id")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX IF NOT EXISTS captcha_expiration ON captcha_captchastore (expiration)",
            "DROP INDEX IF EXISTS captcha_expiration",
        ),
    ]
