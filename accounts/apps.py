from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = "Claves"

    def ready(self) -> None:
        from accounts import triggers

        post_migrate.connect(triggers.ensure, sender=self)
