"""The paper way of creating a key: pending, with a form USI-07 (manual, A and B)."""

from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.utils.decorators import method_decorator

from accounts.events import ClaveEvent
from accounts.form_number import grouped
from accounts.hashing import hashes
from accounts.lifecycle import Move
from accounts.models import Clave
from guards.limits import Limit, LimitReached
from guards.locks import one_at_a_time
from identity.cuil import Cuil
from identity.models import Person
from identity.register import person_who_may_hold_a_key
from journeys.engine import DeadEnd, Given, Page
from journeys.facts import ATTEMPTS, BLOCKED, THIN, why_paper
from journeys.form_grants import form_granted, form_url, grant
from journeys.forms import PendingForm, PendingFormAbroad
from journeys.pages.creating import accepted_policies, visitor
from offices.zones import zone_of


class ExplainPaperWay(Page):
    """For whoever meant to go on online: why not, and that there is another way."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            why=why_paper(self.facts), days=settings.PORTAL_PENDING_DAYS, **kwargs
        )

    def establish(self, form: Form) -> Given:
        return {"paper_agreed": True}


@method_decorator(hashes, name="dispatch")
class AskForPendingClave(Page):
    """Nothing was proved: whoever is here knows a CUIL. A live key goes on working (ruling R9)."""

    private = PendingFormAbroad.contact

    def get_form_class(self) -> type[Any]:
        return PendingFormAbroad if self.facts.abroad else PendingForm

    def get_form_kwargs(self) -> dict[str, Any]:
        return {**super().get_form_kwargs(), "person": Person.objects.get(cuil=self.facts.cuil)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            cuil_formatted=Cuil(str(self.facts.cuil)).formatted,
            abroad=self.facts.abroad,
            days=settings.PORTAL_PENDING_DAYS,
            **kwargs,
        )

    def establish(self, form: Form) -> Given:
        cuil, typed = str(self.facts.cuil), form.cleaned_data
        contact = {name: typed[name] for name in form.contact}  # type: ignore[attr-defined]
        try:
            number = self._issue(cuil, make_password(typed["password"]), contact)
        except LimitReached as reached:
            raise DeadEnd("muchos-pedidos") from reached
        return {"pending_issued": number}

    @transaction.atomic
    def _issue(self, cuil: str, password_hash: str, contact: dict[str, str]) -> int:
        one_at_a_time(cuil)
        if (number := self._asked_before(cuil)) is not None:
            return number
        for limit in pending_limits():
            limit.spend(cuil)
        if person_who_may_hold_a_key(cuil) is None:  # died or came under curatela meanwhile
            raise DeadEnd("no-podemos-continuar")
        clave = Clave.create_pending(
            cuil,
            password_hash=password_hash,
            policies=accepted_policies(self.facts),
            trail=visitor(self.request, journey=self.state.fingerprint, why=why_paper(self.facts)),
            **contact,
        )
        return clave.pk

    def _asked_before(self, cuil: str) -> int | None:
        """The key this same journey asked for: the form was sent twice."""
        births = ClaveEvent.objects.filter(cuil=cuil, kind=Move.CREATE_PENDING)
        same_journey = births.filter(evidence__journey=self.state.fingerprint)
        return same_journey.values_list("clave_number", flat=True).first()


class PendingClaveIssued(Page):
    http_method_names = ["get", "head"]
    goes_back = False

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.clave = Clave.objects.pending().filter(pk=self.facts.pending_issued or 0).first()
        if self.clave is None:  # replaced or enabled meanwhile, in another tab or elsewhere
            raise DeadEnd("clave-no-pendiente")
        if form_granted(request) != self.clave:
            grant(request, self.clave)
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        clave = self.clave
        assert clave is not None  # noqa: S101 - get() looked
        return super().get_context_data(
            cuil_formatted=Cuil(clave.cuil).formatted,
            forgotten=bool(self.facts.existing_clave),
            still_live=self.facts.existing_clave == "enabled",
            abroad=self.facts.abroad,
            may_answer=why_paper(self.facts) not in {THIN, ATTEMPTS, BLOCKED},
            deadline=clave.deadline,
            days=settings.PORTAL_PENDING_DAYS,
            form_number=grouped(clave.form_number),
            form_url=form_url(self.request),
            zone=None if self.facts.abroad else zone_for(clave.cuil),
            **kwargs,
        )


def zone_for(cuil: str) -> Any:
    """The zone of this person's address on record; None where there is none."""
    person = Person.objects.get(cuil=cuil)
    if person.country != "AR":
        return None
    return zone_of(postal_code=person.postal_code, locality=person.locality, province=person.province)


def pending_limits() -> tuple[Limit, Limit]:
    """Anybody can ask for a pending key of anybody: a few a day and a month (T06)."""
    per_day = Limit("pending-cuil-day", settings.PORTAL_PENDING_PER_CUIL_DAY, timedelta(days=1))
    per_month = Limit("pending-cuil-month", settings.PORTAL_PENDING_PER_CUIL_MONTH, timedelta(days=30))
    return per_day, per_month
