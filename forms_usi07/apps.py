from django.apps import AppConfig


class FormsUsi07Config(AppConfig):
    name = "forms_usi07"
    verbose_name = "Formulario USI-07"
