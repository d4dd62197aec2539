"""What people told, as a queue: who takes a report, and how it ended. Each step is an event of that CUIL."""

from collections.abc import Iterable
from dataclasses import replace

from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from accounts.events import ClaveEvent, Note, Trail, record
from backoffice.deeds import NotNow
from backoffice.models import Employee
from guards.locks import one_at_a_time
from identity.models import CorrectionRequest, WrongDataReport

Report = WrongDataReport
Kind = WrongDataReport.Kind
State = WrongDataReport.State
Result = WrongDataReport.Result

PAGE = 50
_AFTER_ALL = 2**63 - 1


def take(report: Report, employee: Employee, trail: Trail) -> None:
    """From the queue, or over from whoever has it: what somebody left lying must not lie for ever.

    Raises:
        NotNow: it is closed, or somebody else took it a moment ago; or it is the employee's own.
    """
    as_seen = Q(state=report.state, taken_by=report.taken_by) & ~Q(state=State.CLOSED)
    changes = {"state": State.TAKEN, "taken_by": employee.user_id, "taken_at": timezone.now()}
    _step(report, employee, Note.REPORT_TAKEN, trail, as_seen & ~Q(taken_by=employee.user_id), changes)


def close(report: Report, employee: Employee, result: Result, trail: Trail) -> None:
    """By whoever took it.

    Raises:
        NotNow: somebody else has it now, or it is closed.
        ValueError: a result that is none of this kind of report.
    """
    if result not in Report.RESULTS[Kind(report.kind)]:
        raise ValueError(result)
    own = Q(state=State.TAKEN, taken_by=employee.user_id)
    changes = {"state": State.CLOSED, "closed_at": timezone.now(), "result": result}
    told = replace(trail, evidence={**trail.evidence, "result": str(result)})
    _step(report, employee, Note.REPORT_CLOSED, told, own, changes)


@transaction.atomic
def _step(
    report: Report, employee: Employee, note: Note, trail: Trail, only_if: Q, changes: dict[str, object]
) -> None:
    """The stored row decides, not the copy that was on the page."""
    if employee.cuil == report.cuil:
        raise NotNow("Nadie actúa sobre su propio CUIL.")
    one_at_a_time(report.cuil)
    if not Report.objects.filter(only_if, pk=report.pk).update(**changes):
        report.refresh_from_db()
        raise NotNow(how_it_stands(report))
    record(report.cuil, note, replace(trail, evidence={**trail.evidence, "report": report.pk}))


def how_it_stands(report: Report) -> str:
    """In a sentence, for whoever came too late."""
    if report.state == State.OPEN:
        return "El aviso está abierto: primero hay que tomarlo."
    who = names_of([report])[report.pk]
    if report.state == State.TAKEN:
        return f"El aviso lo tiene {who}."
    return f"El aviso ya está resuelto, por {who}: {report.get_result_display()}."


def names_of(reports: Iterable[Report]) -> dict[int, str]:
    """Number of the report → user name of who has it, "" where nobody does; one query."""
    taken_by = {report.pk: report.taken_by for report in reports}
    users = get_user_model().objects.in_bulk({number for number in taken_by.values() if number})
    return {pk: users[by].get_username() if by in users else "" for pk, by in taken_by.items()}


def asked_for(reports: Iterable[Report]) -> set[int]:
    """Numbers of those in which somebody who was logged in says what to correct; one query."""
    found = CorrectionRequest.objects.filter(report__in=[report.pk for report in reports])
    return set(found.values_list("report_id", flat=True))


def not_recognised(report: Report) -> list[ClaveEvent]:
    """The events that the person of this report said were not theirs, while it was open; newest first."""
    said = ClaveEvent.objects.filter(cuil=report.cuil, kind=Note.NOT_ME, at__gte=report.reported_at)
    if report.closed_at:
        said = said.filter(at__lte=report.closed_at)
    places = [note.evidence["event"] for note in said if "event" in note.evidence]
    return list(ClaveEvent.objects.filter(cuil=report.cuil, seq__in=places).order_by("-seq"))


def queue(kind: Kind, state: State, after: int | None) -> QuerySet[Report]:
    """One page and a row more. The longest waiting first; of the closed ones, the newest first.

    `after` is the number of the last report of the page before. Each state has an index by kind and
    number, which serves every page alike; nothing is counted.
    """
    rows = Report.objects.filter(kind=kind, state=state)
    if state == State.CLOSED:
        return rows.filter(pk__lt=after or _AFTER_ALL).order_by("-pk")[: PAGE + 1]
    return rows.filter(pk__gt=after or 0).order_by("pk")[: PAGE + 1]
