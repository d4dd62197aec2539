import logging

from django.apps import AppConfig


class FormsUsi07Config(AppConfig):
    name = "forms_usi07"
    verbose_name = "Formulario USI-07"

    def ready(self) -> None:
        # What WeasyPrint warns of may quote the text of the page, and that is somebody's identity.
        for logger in ("weasyprint", "weasyprint.progress"):
            logging.getLogger(logger).setLevel(logging.CRITICAL)
