"""For whom somebody who is logged in acts: for themselves, or for a person in their care (manual, A 6).

The session keeps the number of the curatela and nothing else; that it is theirs and in force is asked of
the database on every request. What is done for somebody else names both in its event.
"""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.http import HttpRequest
from django.middleware.csrf import rotate_token

from accounts.events import Actor, ClaveEvent, Note, Trail, record
from guards.address import client_address
from guards.spelling import same
from identity.models import Curatela
from identity.register import curatelas_of

# The number of a curatela; ONESELF for whoever was asked and acts for themselves; missing: not asked.
_KEY = "acting"
ONESELF = 0


@dataclass(frozen=True)
class Acting:
    """`holder`: the CUIL whose key is in use. `subject`: the CUIL whose matters are seen to.

    `name`: the subject's, where it is somebody else. `was_asked`: they have people in their care, and
    chose. `is_over`: the one they chose is theirs no longer, so the holder is the subject again.
    """

    holder: str
    subject: str
    name: str = ""
    was_asked: bool = False
    is_over: bool = False

    @property
    def is_for_another(self) -> bool:
        return self.holder != self.subject


def acting_for(request: HttpRequest, holder: str) -> Acting:
    """For oneself, unless a person in one's care was chosen and still is. One query, if one was chosen."""
    number = request.session.get(_KEY)
    if not number:
        return Acting(holder, holder, was_asked=number is not None)
    curatela = curatelas_of(holder).filter(pk=number).first()
    if curatela is None:
        return Acting(holder, holder, was_asked=True, is_over=True)
    return Acting(holder, curatela.curado_id, name_of(curatela), was_asked=True)


def name_of(curatela: Curatela) -> str:
    return f"{curatela.curado.given_names} {curatela.curado.surname}"


def people_in_care(holder: str) -> dict[str, Curatela]:
    """CUIL of each person → the curatela that lasts longest; by surname, as people sort."""
    theirs: dict[str, Curatela] = {}
    for curatela in curatelas_of(holder):
        theirs.setdefault(curatela.curado_id, curatela)
    return dict(sorted(theirs.items(), key=lambda one: same(f"{one[1].curado.surname} {name_of(one[1])}")))


def trail_of(request: HttpRequest, acting: Acting, **evidence: Any) -> Trail:
    """Who does something behind log-in: the holder, for whom it may be. For every deed there.

    `record(acting.subject, note, trail_of(request, acting))` writes the event into the chain of
    whoever it concerns and, where that is another, of whoever did it.
    """
    if not acting.is_for_another:
        return Trail(Actor.OWNER, client_address(request), evidence=evidence)
    both = {"curador": acting.holder, "curado": acting.subject}
    return Trail(Actor.CURADOR, client_address(request), evidence={**evidence, **both})


@transaction.atomic
def act_for(request: HttpRequest, acting: Acting, curatela: Curatela | None) -> None:
    """From the next request on for the person of this curatela; None: for oneself. `acting`: until now."""
    subject = curatela.curado_id if curatela else acting.holder
    if subject != acting.subject:
        stop(request, acting.holder, "chosen")
        if curatela:
            now = Acting(acting.holder, subject)
            why = {"curatela": curatela.pk, "court_file": curatela.court_file}
            record(subject, Note.ACTING_BEGAN, trail_of(request, now, **why))
    _keep(request, curatela.pk if curatela else ONESELF)


@transaction.atomic
def return_to_oneself(request: HttpRequest, acting: Acting) -> None:
    """The curatela is over: nothing more is done in the other's name."""
    stop(request, acting.holder, "over")
    _keep(request, ONESELF)


def forget_question(request: HttpRequest) -> None:
    """Nobody is in their care: for whom they act is no question any more."""
    request.session.pop(_KEY, None)


def stop(request: HttpRequest, holder: str, ending: str) -> None:
    """Remember that the holder no longer acts for whom they chose, if anybody. Inside a transaction.

    Whom, the beginning tells: an import may have deleted the row. `ending`: of accounts/evidence.py.
    """
    number = request.session.get(_KEY)
    if not number:
        return
    begun = ClaveEvent.objects.filter(cuil=holder, kind=Note.ACTING_BEGAN, evidence__curatela=number)
    if (last := begun.order_by("-seq").first()) is not None:
        was = Acting(holder, last.evidence["curado"])
        trail = trail_of(request, was, curatela=number, ending=ending)
        record(was.subject, Note.ACTING_ENDED, trail)


def _keep(request: HttpRequest, number: int) -> None:
    """A page that another tab still shows was made for somebody else: its forms are worth nothing now."""
    request.session[_KEY] = number
    request.session.cycle_key()
    rotate_token(request)
