from django.apps import AppConfig


class GuardsConfig(AppConfig):
    name = "guards"
    verbose_name = "Límites"

    def ready(self) -> None:
        from guards.patience import watch_requests

        watch_requests()
