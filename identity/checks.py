"""How likely a blind guess is. A configuration that makes it too likely does not start."""

from django.conf import settings


def chance_of_a_blind_guess() -> float:
    """The chance that somebody who knows nothing passes in one of the rounds of PORTAL_ROUNDS_DAYS.

    «No sé» is never right, so a guesser picks among the truth and its decoys.
    """
    one_question = 1 / (settings.PORTAL_QUIZ_DECOYS + 1)
    one_round = one_question**settings.PORTAL_QUIZ_QUESTIONS
    rounds = min(
        settings.PORTAL_ROUNDS_TOTAL,
        settings.PORTAL_ATTEMPTS_CREATE + settings.PORTAL_ATTEMPTS_ENABLE,
    )
    return float(1 - (1 - one_round) ** rounds)


def refuse_guessable_quiz() -> None:
    """Raises SystemExit, with one sentence, where the chance is above the limit."""
    chance, limit = chance_of_a_blind_guess(), settings.PORTAL_GUESS_LIMIT / 10_000
    if chance > limit:
        raise SystemExit(
            f"Configuración: con estas preguntas, quien adivina pasa {chance:.2%} de las veces y el "
            f"límite es {limit:.2%}. Subí PORTAL_QUIZ_QUESTIONS o PORTAL_QUIZ_DECOYS, o bajá los "
            "intentos."
        )
    if settings.PORTAL_QUIZ_CATEGORIES > settings.PORTAL_QUIZ_QUESTIONS:
        raise SystemExit(
            "Configuración: PORTAL_QUIZ_CATEGORIES no puede ser mayor que PORTAL_QUIZ_QUESTIONS."
        )
