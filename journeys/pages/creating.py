"""The pages of creating a key by proving who you are (guide of 2019, steps 3 to 9)."""

from datetime import datetime, timedelta
from typing import Any, NoReturn

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest
from django.utils import timezone
from django.utils.decorators import method_decorator

from accounts.blocking import is_blocked
from accounts.events import Actor, ClaveEvent, Note, Trail, record
from accounts.hashing import hashes
from accounts.lifecycle import AccessBlocked, Move
from accounts.models import Application, Clave
from accounts.policies import PolicyVersion, current_policies
from guards.address import client_address, network_of
from guards.limits import Limit, LimitReached
from guards.locks import one_at_a_time
from identity.cuil import Cuil
from identity.models import Person, WrongDataReport
from identity.quiz import attempts_left, can_be_quizzed
from identity.register import masked, person_who_may_hold_a_key
from identity.rounds import Purpose, QuizRound
from identity.tramite import tramite_matches, tries_left
from journeys import facts
from journeys.engine import DeadEnd, Given, Page, TurnTo
from journeys.forms import CuilForm, DataForm, PasswordForm, PoliciesForm, TramiteForm, WayForm


def visitor(request: HttpRequest, **evidence: Any) -> Trail:
    """Somebody on the web who has not proved to be anybody."""
    return Trail(Actor.VISITOR, client_address(request), evidence=evidence)


def level_3_applications() -> list[str]:
    return list(Application.objects.offered().filter(level=3).values_list("name", flat=True))


class AcceptPolicies(Page):
    form_class = PoliciesForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(policies=current_policies(), **kwargs)

    def establish(self, form: Form) -> Given:
        if form.cleaned_data["decision"] == "decline":
            raise DeadEnd("no-acepto")
        return {"policies_accepted": f"{version_shown(form).name}|{timezone.now().isoformat()}"}


def version_shown(form: Form) -> PolicyVersion:
    """The version in force, if it is the one that stood on the page.

    Raises:
        ValidationError: a newer one was published while the page was open.
    """
    version = current_policies()
    if form.cleaned_data["version"] != version.name:
        raise ValidationError("Las políticas cambiaron mientras las leías. Estas son las nuevas.")
    return version


class EnterCuil(Page):
    form_class = CuilForm
    keeps = ("cuil", "residence")

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "request": self.request}

    def get_initial(self) -> dict[str, Any]:
        cuil = self.facts.cuil
        return {"cuil": Cuil(cuil).formatted} if cuil else {}

    def establish(self, form: Form) -> Given:
        cuil = form.cleaned_data["cuil"]
        for limit, who in lookup_limits(client_address(self.request), cuil):
            limit.spend(who)
        person = person_who_may_hold_a_key(cuil)
        if person is None:
            raise DeadEnd("no-podemos-continuar")
        with transaction.atomic():
            record(cuil, Note.LOOKED_UP, visitor(self.request))
        residence = form.cleaned_data["residence"]
        return {
            "cuil": str(cuil),
            "abroad": residence == CuilForm.ABROAD or person.country != "AR",
            "existing_clave": self._existing(cuil),
            "has_tramite": person.has_tramite,
        }

    @staticmethod
    def _existing(cuil: str) -> str:
        if Clave.objects.live().filter(cuil=cuil).exists():
            return "enabled"
        return "pending" if Clave.objects.pending().filter(cuil=cuil).exists() else ""


class WarnOfExistingClave(Page):
    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(existing=self.facts.existing_clave, **kwargs)

    def establish(self, form: Form) -> Given:
        return {"replacement_agreed": True}


class ConfirmPersonalData(Page):
    form_class = DataForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = Person.objects.get(cuil=self.facts.cuil)
        return super().get_context_data(masked=masked(person), **kwargs)

    def establish(self, form: Form) -> Given:
        cuil = str(self.facts.cuil)
        if form.cleaned_data["verdict"] == "wrong":
            self._report(cuil)
            raise DeadEnd("datos-incorrectos")
        return {"data_confirmed": True, "online_shut": self._why_not_online(cuil)}

    def _why_not_online(self, cuil: str) -> str:
        if is_blocked(cuil):
            return facts.BLOCKED
        if self.facts.abroad:
            return facts.ABROAD
        if not attempts_left(cuil, Purpose.CREATE):
            return facts.ATTEMPTS
        return "" if can_be_quizzed(cuil) else facts.THIN

    @transaction.atomic
    def _report(self, cuil: str) -> None:
        record(cuil, Note.DATA_REPORTED, visitor(self.request))
        WrongDataReport.open_for(cuil, WrongDataReport.Kind.WRONG_DATA)


class ChooseWay(Page):
    """Now, by the questions; or with a pending key and the form USI-07 (ruling R1)."""

    form_class = WayForm

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ahead = None if self.facts.has_tramite else questions_ahead(str(self.facts.cuil))
        return super().get_context_data(ahead=ahead, days=settings.PORTAL_PENDING_DAYS, **kwargs)

    def establish(self, form: Form) -> Given:
        return {"way": form.cleaned_data["way"]}


class EnterTramite(Page):
    form_class = TramiteForm
    private = ("tramite",)

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        if "lost" in request.POST:
            raise TurnTo(way=facts.TRAMITE_LOST)
        return super().post(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        ahead = questions_ahead(str(self.facts.cuil))
        return super().get_context_data(applications=level_3_applications(), ahead=ahead, **kwargs)

    def establish(self, form: Form) -> Given:
        person = Person.objects.get(cuil=self.facts.cuil)
        try:
            matches = tramite_matches(person, form.cleaned_data["tramite"])
        except LimitReached as reached:
            raise TurnTo(way=facts.TRAMITE_TRIES) from reached  # whether it was right nobody looked
        if not matches:
            self._refuse(person.cuil)
        return {"tramite_checked": True}

    def _refuse(self, cuil: str) -> NoReturn:
        with transaction.atomic():
            record(cuil, Note.TRAMITE_WRONG, visitor(self.request))
        left = tries_left(cuil)
        if not left:
            raise TurnTo(way=facts.TRAMITE_WRONG)
        tries = "Te queda 1 intento" if left == 1 else f"Te quedan {left} intentos"
        raise ValidationError({"tramite": f"{TramiteForm.WRONG} {tries} por hoy."})


@method_decorator(hashes, name="dispatch")
class ChoosePassword(Page):
    form_class = PasswordForm
    private = ("email",)
    goes_back = False
    proves = True

    def get_form_kwargs(self) -> dict[str, Any]:
        person = Person.objects.get(cuil=self.facts.cuil)
        return {**super().get_form_kwargs(), "person": person}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        formatted = Cuil(self.facts.cuil or "").formatted
        return super().get_context_data(cuil_formatted=formatted, **kwargs)

    def establish(self, form: Form) -> Given:
        # Hashed before the transaction: meanwhile nobody waits for this person's lock.
        password_hash = make_password(form.cleaned_data["password"])
        try:
            number = self._issue(password_hash, form.cleaned_data["email"]) or self._issued_before()
        except AccessBlocked as blocked:  # a moment ago
            raise TurnTo(way=facts.BLOCKED) from blocked
        if number is None:
            raise DeadEnd("sesion-vencida")
        return {"clave_issued": number}

    @transaction.atomic
    def _issue(self, password_hash: str, email: str) -> int | None:
        """The key in exchange for the proof; None when the proof was spent or is too old."""
        cuil = str(self.facts.cuil)
        one_at_a_time(cuil)
        if person_who_may_hold_a_key(cuil) is None:  # died or came under curatela meanwhile
            raise DeadEnd("no-podemos-continuar")
        proof = QuizRound.objects.get(pk=self.facts.quiz_passed or 0)
        if not proof.use_proof(cuil, Purpose.CREATE):
            return None
        clave = Clave.create_verified(
            cuil,
            password_hash=password_hash,
            email=email,
            policies=accepted_policies(self.facts),
            trail=visitor(self.request, round=proof.pk, tramite=bool(self.facts.tramite_checked)),
        )
        return clave.pk

    def _issued_before(self) -> int | None:
        """The key this same proof gave: the form was sent twice."""
        births = ClaveEvent.objects.filter(cuil=self.facts.cuil, kind=Move.CREATE_VERIFIED)
        same_proof = births.filter(evidence__round=self.facts.quiz_passed)
        return same_proof.values_list("clave_number", flat=True).first()


def accepted_policies(known: facts.Facts) -> tuple[str, datetime]:
    """Version and moment, as `AcceptPolicies` wrote them down."""
    version, accepted_at = str(known.policies_accepted).split("|")
    return version, datetime.fromisoformat(accepted_at)


class ClaveIssued(Page):
    http_method_names = ["get", "head"]
    goes_back = False

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(applications=level_3_applications(), **kwargs)


def questions_ahead(cuil: str) -> dict[str, int] | None:
    """What to know before the first question shows and its time runs; None where none will come."""
    left = attempts_left(cuil, Purpose.CREATE)
    minutes = settings.PORTAL_QUIZ_SECONDS // 60
    return (
        {"questions": settings.PORTAL_QUIZ_QUESTIONS, "minutes": minutes, "attempts_left": left}
        if left
        else None
    )


def lookup_limits(address: str, cuil: str) -> tuple[tuple[Limit, str], ...]:
    """Per address and per CUIL (docs/decisions/0008)."""
    per_hour = Limit(
        "lookup-address", settings.PORTAL_LOOKUPS_PER_ADDRESS_HOUR, timedelta(hours=1), by_address=True
    )
    per_day = Limit("lookup-cuil", settings.PORTAL_LOOKUPS_PER_CUIL_DAY, timedelta(days=1))
    return ((per_hour, network_of(address)), (per_day, cuil))
