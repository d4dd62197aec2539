from django.apps import AppConfig


class IdentityConfig(AppConfig):
    name = "identity"
    verbose_name = "Identidad"

    def ready(self) -> None:
        from identity.checks import refuse_guessable_quiz

        refuse_guessable_quiz()
