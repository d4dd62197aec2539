"""The identity questions, one a page, as many rounds as are allowed."""

from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse

from accounts.events import Note, record
from guards.address import client_address, network_of
from guards.limits import Limit
from identity import quiz
from identity.rounds import Outcome, Purpose, QuizQuestion, QuizRound
from journeys.engine import DeadEnd, Given, Page
from journeys.forms import AnswerForm
from journeys.pages.creating import level_3_applications, visitor


class AnswerQuiz(Page):
    """Stays here, question after question and round after round, until one round is passed."""

    form_class = AnswerForm
    goes_back = False
    purpose: ClassVar[Purpose]
    round: QuizRound
    question: QuizQuestion | None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.round = self._latest_round() or self._open_round()
        self._look()
        if self.question is None and self.round.outcome == Outcome.PASSED:
            return self._pass_on()
        if self.question is None:
            self._refuse_if_this_was_the_last()
        return super().get(request, *args, **kwargs)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        latest = self._latest_round()
        if latest is None:
            return self.go_on()
        self.round = latest
        self._look()
        if "new_round" in request.POST:
            self._open_round()
        elif "more_time" in request.POST:
            quiz.extend(latest)
            messages.success(request, "Te dimos más tiempo para esta pregunta.")
        elif self.question is not None:
            return super().post(request, *args, **kwargs)
        return self.go_on()

    def establish(self, form: Form) -> Given | None:
        number, value = form.cleaned_data["number"], form.cleaned_data["answer"]
        options = self.question.card.options if self.question else []
        option = options[int(value)] if value != quiz.NONE_OF_THESE else value
        try:
            with transaction.atomic():
                outcome = quiz.answer(self.round, number, option)
                self._record_verdict()
        except (quiz.RoundClosed, ValueError):
            return None
        return {"quiz_passed": self.round.pk} if outcome == Outcome.PASSED else None

    @transaction.atomic
    def _look(self) -> None:
        """The question to show, if there is one; a round whose time is over ends here."""
        was_open = self.round.outcome == Outcome.OPEN
        self.question = quiz.show(self.round)
        if was_open:
            self._record_verdict()

    def _record_verdict(self) -> None:
        """In the transaction that decided the round. ABANDONED is told by the opening of the next."""
        notes = {
            Outcome.PASSED: Note.QUIZ_PASSED,
            Outcome.FAILED: Note.QUIZ_FAILED,
            Outcome.TIMED_OUT: Note.QUIZ_FAILED,
        }
        if note := notes.get(Outcome(self.round.outcome)):
            record(self.round.cuil, note, visitor(self.request, round=self.round.pk))

    # --- What the page shows ----------------------------------------------------------------------

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "options": self._options()}

    def get_template_names(self) -> list[str]:
        return [f"journeys/preguntas{'' if self.question else '-no-verificada'}.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        shown = self._shown() if self.question else self._failed()
        return super().get_context_data(**shown, **kwargs)

    def _shown(self) -> dict[str, Any]:
        question = self.question
        assert question is not None  # noqa: S101 - the caller looked
        seconds = question.seconds_left
        return {
            "question": {
                "text": question.card.wording.question,
                "options": self._options(),
                "number": question.number,
                "total": self.round.questions.count(),
                "seconds_left": seconds,
                "time_left": _in_words(seconds),
                "may_extend": not question.extended,
            }
        }

    def _failed(self) -> dict[str, Any]:
        return {
            "question": None,
            "attempts": quiz.attempts_allowed(self.purpose),
            "attempts_left": self._attempts_left(),
            "timed_out": self.round.outcome == Outcome.TIMED_OUT,
            "applications": level_3_applications(),
        }

    def _options(self) -> list[tuple[str, str]]:
        if self.question is None:
            return []
        card = self.question.card
        numbered = [(str(place), option) for place, option in enumerate(card.options)]
        return [*numbered, (quiz.NONE_OF_THESE, card.wording.none)]

    # --- Rounds -----------------------------------------------------------------------------------

    def _attempts_left(self) -> int:
        return quiz.attempts_left(str(self.facts.cuil), self.purpose)

    def _refuse_if_this_was_the_last(self) -> None:
        """«NUEVAS PREGUNTAS» is offered only where there are new questions to ask."""
        if not self._attempts_left():
            raise DeadEnd("max-intentos")
        if not quiz.can_be_quizzed(str(self.facts.cuil)):
            raise DeadEnd("oficina")

    def _latest_round(self) -> QuizRound | None:
        return quiz.round_of(str(self.facts.cuil), self.purpose, self.state.fingerprint)

    def _open_round(self) -> QuizRound:
        cuil = str(self.facts.cuil)
        rounds_limit().spend(network_of(client_address(self.request)))
        try:
            with transaction.atomic():
                opened, new = quiz.get_or_open_round(cuil, self.purpose, self.state.fingerprint)
                if new:
                    record(cuil, Note.QUIZ_OPENED, visitor(self.request, round=opened.pk))
        except quiz.NoAttemptsLeft as none_left:
            raise DeadEnd("max-intentos") from none_left
        except quiz.ThinFile as thin:
            raise DeadEnd("oficina") from thin
        return opened

    def _pass_on(self) -> HttpResponse:
        """The round is passed and the session does not know it yet."""
        given = {"quiz_passed": self.round.pk}
        self.state = self.journey.learn(self.request, self.state, self.step, given)
        return self.go_on()


def rounds_limit() -> Limit:
    """Whoever tries many people's questions, or uses up their rounds, does it from somewhere."""
    return Limit("rounds-address", settings.PORTAL_ROUNDS_PER_ADDRESS_DAY, timedelta(days=1))


def _in_words(seconds: int) -> str:
    """Never more time than there is: «1 minuto y 31 segundos»."""
    parts = [(seconds // 60, "minuto"), (seconds % 60, "segundo")]
    told = [f"{n} {unit}{'' if n == 1 else 's'}" for n, unit in parts if n]
    return " y ".join(told) or "0 segundos"


class AnswerQuizToCreate(AnswerQuiz):
    purpose = Purpose.CREATE
