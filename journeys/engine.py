"""Pages in order. A journey is one list of steps; guard, redirects, going back and progress follow.

- Each step gives facts; a page that is not done yet is the frontier, and nothing opens beyond it.
- Giving a fact again forgets all later ones.
- After a step that seals, the earlier ones stay shut.
- Every form carries a token of the state it was shown in. A form from an older state changes
  nothing: the one just sent, sent twice, leads on; another tab's says that it is old.
"""

import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import timedelta
from typing import Any, ClassVar

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.debug import sensitive_post_parameters
from django.views.generic import FormView

from guards.keyed import keyed_hash
from journeys.facts import NAMES, Facts, always
from journeys.form_grants import forget_grant
from journeys.refusals import RedirectsRefusals

Given = Mapping[str, Any]

# Looking at a page keeps the journey alive, but is not written down more often than this (seconds).
_TOUCH_GRAIN = 60


class DeadEnd(Exception):
    """The journey ends here: forget it and show the notice of that name."""

    def __init__(self, notice: str) -> None:
        super().__init__(notice)
        self.notice = notice


class TurnTo(Exception):
    """The journey goes another way: a fact that an earlier page gave is given anew."""

    def __init__(self, **given: Any) -> None:
        super().__init__(*given)
        self.given = given


class Step:
    """One page of a journey: where it is, what it gives, when it applies; and how the help tells it.

    Raises:
        ValueError: `title` or `tells` is empty: there would be a page that the help does not know.
    """

    def __init__(
        self,
        slug: str,
        page: type["Page"],
        *,
        title: str,
        tells: str,
        gives: tuple[str, ...] = (),
        when: Callable[[Facts], bool] = always,
        seals: bool = False,
    ) -> None:
        if not (title.strip() and tells.strip()):
            raise ValueError(f"{slug}: without a title and a sentence for the help")
        self.slug, self.page, self.gives, self.when, self.seals = slug, page, gives, when, seals
        self.title, self.tells = title, tells

    def is_done(self, facts: Facts) -> bool:
        return bool(self.gives) and all(getattr(facts, name) is not None for name in self.gives)


@dataclass(frozen=True)
class State:
    """How far one visitor is. `id` lasts the whole journey, `run` until a fact is given again.

    `version` counts what was learned in the run; `spent` is the mark of the form that brought the
    last of it.
    """

    id: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    run: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    version: int = 0
    spent: str = ""
    touched: float = field(default_factory=time.time)
    proof_renewed: bool = False
    facts: Facts = field(default_factory=Facts)

    def new_token(self) -> str:
        """For one rendering of one form: the state it shows, and a mark of its own."""
        return f"{self.run}.{self.version}.{secrets.token_hex(4)}"

    @property
    def idle_seconds(self) -> float:
        return time.time() - self.touched

    @property
    def is_old(self) -> bool:
        return self.idle_seconds > settings.PORTAL_JOURNEY_MINUTES * 60

    @property
    def fingerprint(self) -> str:
        """What the database may hold of this journey: useless for taking it over."""
        return keyed_hash("journey", self.id)


class Journey:
    """The steps, and what one visitor's session knows of them."""

    def __init__(self, slug: str, title: str, *steps: Step) -> None:
        self.slug, self.title, self.steps = slug, title, steps
        given = [name for step in steps for name in step.gives]
        if len({step.slug for step in steps}) != len(steps):
            raise ValueError(f"{slug}: a step stands twice")
        if unknown := set(given) - NAMES:
            raise ValueError(f"{slug}: no such fact: {', '.join(sorted(unknown))}")

    # --- The order ------------------------------------------------------------------------------

    def path(self, facts: Facts) -> list[Step]:
        """The steps this visitor goes through, as far as is known today."""
        return [step for step in self.steps if step.when(facts)]

    def frontier(self, facts: Facts) -> Step:
        """The furthest step this visitor may open."""
        steps = self.path(facts)
        return next((step for step in steps if not step.is_done(facts)), steps[-1])

    def opens(self, step: Step, facts: Facts) -> bool:
        steps = self.path(facts)
        if step not in steps:
            return False
        place = steps.index(step)
        sealed = any(s.seals and s.is_done(facts) for s in steps[place:])
        return not sealed and place <= steps.index(self.frontier(facts))

    def before(self, step: Step, facts: Facts) -> Step | None:
        steps = self.path(facts)
        place = steps.index(step)
        return steps[place - 1] if place else None

    # --- The session ----------------------------------------------------------------------------

    @property
    def _key(self) -> str:
        return f"journey-{self.slug}"

    def load(self, request: HttpRequest) -> State | None:
        stored = request.session.get(self._key)
        try:
            return State(**{**stored, "facts": Facts(**stored["facts"])}) if stored else None
        except (KeyError, TypeError):  # written by another version of the portal
            self.forget(request)
            return None

    def save(self, request: HttpRequest, state: State) -> State:
        state = replace(state, touched=time.time())
        request.session[self._key] = asdict(state)
        return state

    def start(self, request: HttpRequest) -> State:
        """Whoever starts is nobody yet: somebody logged in here leaves, with their session."""
        if request.user.is_authenticated:
            logout(request)
            messages.info(request, "Cerramos tu sesión para empezar este trámite.")
        forget_grant(request)
        request.session.cycle_key()
        return self.save(request, State())

    def forget(self, request: HttpRequest) -> None:
        request.session.pop(self._key, None)

    def learn(self, request: HttpRequest, state: State, step: Step, given: Given) -> State:
        """Remember what a step gave; whatever stood after it is forgotten."""
        if set(given) != set(step.gives):
            raise ValueError(f"{step.slug} gives {step.gives}")
        later = self.steps[self.steps.index(step) + 1 :]
        void = {name: None for s in later for name in s.gives}
        if "cuil" in given:
            self._forget_others(request, given["cuil"])
        again = step.is_done(state.facts)
        return self.save(request, replace(
            state,
            run=State().run if again else state.run,
            version=state.version + 1,
            spent=_mark(request) or state.spent,
            proof_renewed=state.proof_renewed and not again,
            facts=replace(state.facts, **{**void, **given}),
        ))  # fmt: skip

    def _forget_others(self, request: HttpRequest, cuil: str) -> None:
        """What this browser was doing for somebody else, in another journey."""
        for key, stored in list(request.session.items()):
            if key.startswith("journey-") and key != self._key and stored["facts"].get("cuil") != cuil:
                del request.session[key]

    # --- Addresses ------------------------------------------------------------------------------

    def url_name(self, step: Step) -> str:
        return f"{self.slug}-{step.slug}"

    def url(self, step: Step) -> str:
        return reverse(self.url_name(step))

    def begin(self, request: HttpRequest) -> HttpResponse:
        """The door: whoever enters starts from the first page."""
        self.start(request)
        return redirect(self.url(self.steps[0]))

    def urls(self) -> list[URLPattern]:
        pages = [
            path(f"{s.slug}/", s.page.as_view(journey=self, step=s), name=self.url_name(s))
            for s in self.steps
        ]
        return [path("", self.begin, name=self.slug), *pages]


def _rename_session(request: HttpRequest) -> None:
    """Give the session a new key. The old one opens for a minute more: on a bad link the answer
    with the new cookie may get lost, and whoever reloads must not lose the proof.
    """
    old = request.session.session_key
    data = dict(request.session.items())
    request.session.create()
    request.session.update(data)
    grace = timezone.now() + timedelta(seconds=60)
    Session.objects.filter(session_key=old).update(expire_date=grace)


def _mark(request: HttpRequest) -> str:
    """What tells one rendering of a form from all others."""
    return request.POST.get("token", "").rpartition(".")[2]


@method_decorator(sensitive_post_parameters(), name="dispatch")
class Page(RedirectsRefusals, FormView):
    """Base of every page of a journey: nobody can forget the guard.

    A page says what it shows, and in `establish` which facts follow from what was sent.
    """

    http_method_names = ["get", "head", "post"]
    form_class: type[Any] = Form
    journey: Journey = None  # type: ignore[assignment]
    step: Step = None  # type: ignore[assignment]
    state: State
    goes_back: ClassVar[bool] = True
    proves: ClassVar[bool] = False

    def establish(self, form: Form) -> Given | None:
        """The facts this page gives; None to stay here for another round.

        Raises:
            ValidationError: shown on the form, nothing is learned.
            DeadEnd: the journey ends.
            TurnTo: it goes another way.
        """
        raise NotImplementedError

    @property
    def facts(self) -> Facts:
        return self.state.facts

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        state = self.journey.load(request)
        if state is None and request.method == "POST":
            return self._end("sesion-vencida")
        if state is not None and state.is_old:
            return self._end("sesion-vencida")
        self.state = state or self.journey.start(request)
        turned_away = self._turned_away(request)
        if turned_away is not None:
            return turned_away
        try:
            return super().dispatch(request, *args, **kwargs)
        except TurnTo as turn:
            return self._turn(turn.given)
        except DeadEnd as end:
            return self._end(end.notice)

    def _turned_away(self, request: HttpRequest) -> HttpResponse | None:
        """Where this request goes instead, if the form is from an older state or the page is shut."""
        if request.method == "POST" and not self._is_current(request):
            if self.state.spent and _mark(request) == self.state.spent:
                return self.go_on()
            resume = self.journey.url(self.journey.frontier(self.facts))
            return render(request, "notices/pagina-vieja.html", {"resume_url": resume}, status=409)
        return None if self.journey.opens(self.step, self.facts) else self.go_on()

    def _is_current(self, request: HttpRequest) -> bool:
        shown_in = request.POST.get("token", "").rpartition(".")[0]
        return shown_in == f"{self.state.run}.{self.state.version}"

    def go_on(self) -> HttpResponse:
        """To the first page that is not done; no page names its successor."""
        return redirect(self.journey.url(self.journey.frontier(self.facts)))

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        # Renewed here and not while answering the POST: a double click sends that twice, and the
        # second would arrive with a session that no longer exists.
        if self.proves and not self.state.proof_renewed:
            _rename_session(request)
            self.state = self.journey.save(request, replace(self.state, proof_renewed=True))
        elif self.state.idle_seconds > _TOUCH_GRAIN:
            self.state = self.journey.save(request, self.state)
        return super().get(request, *args, **kwargs)

    def form_valid(self, form: Form) -> HttpResponse:
        try:
            given = self.establish(form)
        except ValidationError as error:
            form.add_error(None, error)
            return self.form_invalid(form)
        if given is not None:
            self.state = self.journey.learn(self.request, self.state, self.step, given)
        return self.go_on()

    def get_template_names(self) -> list[str]:
        return [self.template_name or f"journeys/{self.step.slug}.html"]

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        steps = self.journey.path(self.facts)[:-1]  # the last page tells the result, it is no step
        number = steps.index(self.step) + 1 if self.step in steps else len(steps)
        before = self.journey.before(self.step, self.facts) if self.goes_back else None
        return super().get_context_data(
            journey=self.journey,
            step=self.step,
            progress={"number": number, "total": len(steps)},
            back_url=self.journey.url(before) if before else None,
            token=self.state.new_token(),
            **kwargs,
        )

    def _turn(self, given: Given) -> HttpResponse:
        giver = next(step for step in self.journey.steps if step.gives == tuple(given))
        self.state = self.journey.learn(self.request, self.state, giver, given)
        return self.go_on()

    def _end(self, notice: str) -> HttpResponse:
        self.journey.forget(self.request)
        return redirect("aviso", notice)
