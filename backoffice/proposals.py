"""A deed that waits for a second person: proposed, approved or rejected, or too old after a day."""

from datetime import timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone

from accounts.events import Actor, ClaveEvent, Note, Trail, record
from backoffice.cases import Case
from backoffice.deeds import DEEDS, Deed, Evidence, NotNow
from backoffice.models import Employee, Proposal
from backoffice.roles import has_role
from guards.locks import one_at_a_time
from offices.models import Office

LIFE = timedelta(hours=24)
_MOST_SHOWN = 100


def waiting() -> QuerySet[Proposal]:
    fresh = timezone.now() - LIFE
    return Proposal.objects.filter(decision=Proposal.Decision.WAITING, proposed_at__gte=fresh)


def waiting_at(office: Office | None) -> QuerySet[Proposal]:
    """Those that somebody of this office may decide, or of all (None), the oldest first."""
    found = waiting().order_by("proposed_at")
    return found.filter(office=office) if office else found


def waiting_for(case: Case) -> list[tuple[Deed, Proposal]]:
    """What is proposed for this person and waits."""
    found = waiting().filter(cuil=case.person.cuil).order_by("proposed_at")
    return [(DEEDS[proposal.action], proposal) for proposal in with_names(found)]


def with_names(found: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """A page of them, with who proposed. Not by a join: PostgreSQL may go through all the users for it."""
    return found.prefetch_related("proposed_by", "office")[:_MOST_SHOWN]


def overdue() -> QuerySet[Proposal]:
    """Those that nobody decided within a day: nobody can any more, whether or not they are marked."""
    old = timezone.now() - LIFE
    return Proposal.objects.filter(decision=Proposal.Decision.WAITING, proposed_at__lt=old)


def expire(among: QuerySet[Proposal]) -> int:
    """Mark the overdue ones, each with its event. Returns how many."""
    count = 0
    for proposal in overdue().filter(pk__in=among.values("pk")):
        with transaction.atomic():
            one_at_a_time(proposal.cuil)
            marked = overdue().filter(pk=proposal.pk)
            if marked.update(decision=Proposal.Decision.EXPIRED, decided_at=timezone.now()):
                evidence = {"deed": proposal.action, "proposal": proposal.pk}
                evidence["proposed_by"] = proposal.proposed_by_id
                record(proposal.cuil, Note.DEED_EXPIRED, Trail(Actor.SYSTEM, evidence=evidence))
                count += 1
    return count


@transaction.atomic
def propose(employee: Employee, deed: Deed, case: Case, evidence: Evidence, trail: Trail) -> Proposal:
    """Put the deed before a second person.

    Raises:
        NotNow: the same one waits already.
    """
    one_at_a_time(case.person.cuil)
    expire(Proposal.objects.filter(cuil=case.person.cuil, action=deed.slug))
    event = record(case.person.cuil, Note.DEED_PROPOSED, trail)
    try:
        with transaction.atomic():
            return Proposal.objects.create(
                cuil=case.person.cuil,
                action=deed.slug,
                evidence=evidence,
                event_number=event.pk,
                office=employee.office,
                proposed_by=employee.user,
            )
    except IntegrityError as twice:
        raise NotNow("Ya hay una propuesta igual que espera a otra persona.") from twice


@transaction.atomic
def decide(proposal: Proposal, employee: Employee, case: Case, trail: Trail, *, approve: bool) -> None:
    """Approve and do, or reject. The database refuses the proposer, whoever they are.

    Raises:
        NotNow: decided already, too old, one's own, or the deed is not possible any more.
    """
    one_at_a_time(proposal.cuil)
    if proposal.proposed_by_id == employee.user_id or employee.cuil == proposal.cuil:
        raise NotNow("Quien propuso no puede decidir.")
    decision = Proposal.Decision.APPROVED if approve else Proposal.Decision.REJECTED
    changed = (
        waiting()
        .filter(pk=proposal.pk)
        .update(decision=decision, decided_by=employee.user, decided_at=timezone.now())
    )
    if not changed:
        raise NotNow("Ya se decidió, o pasaron las 24 horas.")
    if not approve:
        record(proposal.cuil, Note.DEED_REJECTED, trail)
        return
    deed = DEEDS[proposal.action]
    _ask_again(proposal, deed)
    deed.perform(case, proposal.evidence, trail)


def _ask_again(proposal: Proposal, deed: Deed) -> None:
    """What is done is what was proposed, by somebody who still may propose it.

    Raises:
        NotNow: the row is not what its sealed event says, or the proposer left or changed their role.
    """
    event = ClaveEvent.objects.filter(pk=proposal.event_number, kind=Note.DEED_PROPOSED).first()
    proposed = {**proposal.evidence, "deed": deed.slug}
    if event is None or (event.cuil, event.evidence) != (proposal.cuil, proposed):
        raise NotNow("La propuesta no es la que quedó registrada. Avisá a quien audita.")
    proposer = proposal.proposed_by
    if not (proposer.is_active and has_role(proposer, deed.may)):
        raise NotNow("Quien lo propuso ya no tiene esa función. Hay que proponerlo de nuevo.")
