from django.apps import AppConfig
from django.db.models.signals import post_migrate


class BackofficeConfig(AppConfig):
    name = "backoffice"
    verbose_name = "Oficina"

    def ready(self) -> None:
        from backoffice import admin  # noqa: F401 - registers what the office edits
        from backoffice.roles import sync_roles

        # After django.contrib.auth made the permissions of this app: it is installed before.
        post_migrate.connect(sync_roles, sender=self)
