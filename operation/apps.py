from django.apps import AppConfig


class OperationConfig(AppConfig):
    name = "operation"
    verbose_name = "Operación"

    def ready(self) -> None:
        from operation import metrics  # noqa: F401 - listens from now on
