"""The identity questions, one a page, as many rounds as are allowed."""

from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse

from accounts.events import Note, record
from accounts.lifecycle import MoveNotAllowed
from accounts.models import Clave
from accounts.notices import tell_of
from guards.address import client_address, network_of
from guards.limits import Limit
from guards.locks import one_at_a_time
from identity import quiz
from identity.register import person_who_may_hold_a_key
from identity.rounds import Outcome, Purpose, QuizQuestion, QuizRound
from journeys.engine import DeadEnd, Given, Page, TurnTo
from journeys.facts import ATTEMPTS, THIN
from journeys.form_grants import form_url
from journeys.forms import AnswerForm
from journeys.pages.creating import level_3_applications, visitor


class AnswerQuiz(Page):
    """Stays here, question after question and round after round, until one round is passed."""

    form_class = AnswerForm
    goes_back = False
    purpose: ClassVar[Purpose]
    template_failed: ClassVar[str]
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
        return self.earned() if outcome == Outcome.PASSED else None

    def no_attempts(self) -> TurnTo | DeadEnd:
        """Where the journey goes when every attempt was used."""
        raise NotImplementedError

    def no_questions(self) -> TurnTo | DeadEnd:
        """Where it goes when there is nothing, or nothing more, to ask."""
        raise NotImplementedError

    def earned(self) -> Given:
        """The facts that a passed round gives."""
        return {"quiz_passed": self.round.pk}

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
            if note is Note.QUIZ_FAILED:
                self._warn_holder()

    def _warn_holder(self) -> None:
        """Of a key that works: somebody who is perhaps not them tried to get another (T04)."""
        clave = Clave.objects.live().filter(cuil=self.round.cuil).first()
        if clave is not None:
            tell_of(Note.QUIZ_FAILED, clave)

    # --- What the page shows ----------------------------------------------------------------------

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "options": self._options()}

    def get_template_names(self) -> list[str]:
        return ["journeys/preguntas.html" if self.question else self.template_failed]

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
            raise self.no_attempts()
        if not quiz.can_be_quizzed(str(self.facts.cuil)):
            raise self.no_questions()

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
            raise self.no_attempts() from none_left
        except quiz.ThinFile as thin:
            raise self.no_questions() from thin
        return opened

    def _pass_on(self) -> HttpResponse:
        """The round is passed and the session does not know it yet."""
        self.state = self.journey.learn(self.request, self.state, self.step, self.earned())
        return self.go_on()


def rounds_limit() -> Limit:
    """Whoever tries many people's questions, or uses up their rounds, does it from somewhere."""
    return Limit("rounds-address", settings.PORTAL_ROUNDS_PER_ADDRESS_DAY, timedelta(days=1), by_address=True)


def _in_words(seconds: int) -> str:
    """Never more time than there is: «1 minuto y 31 segundos»."""
    parts = [(seconds // 60, "minuto"), (seconds % 60, "segundo")]
    told = [f"{n} {unit}{'' if n == 1 else 's'}" for n, unit in parts if n]
    return " y ".join(told) or "0 segundos"


class AnswerQuizToCreate(AnswerQuiz):
    purpose = Purpose.CREATE
    template_failed = "journeys/preguntas-no-verificada.html"

    def no_attempts(self) -> TurnTo:
        return TurnTo(way=ATTEMPTS)

    def no_questions(self) -> TurnTo:
        return TurnTo(way=THIN)


class AnswerQuizToEnable(AnswerQuiz):
    """As soon as the questions are answered right, the key is enabled (manual, C 5)."""

    purpose = Purpose.ENABLE
    proves = True
    template_failed = "journeys/habilitar-no-verificada.html"

    def no_attempts(self) -> DeadEnd:
        return DeadEnd("habilitar-max-intentos")

    def no_questions(self) -> DeadEnd:
        return DeadEnd("habilitar-en-oficina")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(form_url=form_url(self.request), **kwargs)

    def earned(self) -> Given:
        return {**super().earned(), "clave_enabled": self._enable()}

    @transaction.atomic
    def _enable(self) -> int:
        cuil = str(self.facts.cuil)
        one_at_a_time(cuil)
        if person_who_may_hold_a_key(cuil) is None:  # died or came under curatela meanwhile
            raise DeadEnd("no-podemos-continuar")
        clave = Clave.objects.get(pk=self.facts.pending_known or 0)
        if not self.round.use_proof(cuil, self.purpose):
            if clave.level is None:
                raise DeadEnd("sesion-vencida")
            return clave.pk  # the answer was sent twice
        try:
            clave.enable_online(trail=visitor(self.request, round=self.round.pk))
        except MoveNotAllowed as elsewhere:
            raise DeadEnd("clave-no-pendiente") from elsewhere
        return clave.pk
