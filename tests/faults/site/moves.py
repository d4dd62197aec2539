"""One request, one move of a key: the domain's own call, in its own transaction.

The number of the request stands in the event as the series of pages does in the portal's: whoever got no
answer asks again with the same number, and finds out that it was done.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import connection, transaction
from django.http import HttpRequest, JsonResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from accounts.events import Actor, ClaveEvent, Trail
from accounts.lifecycle import MoveNotAllowed, State
from accounts.models import Clave
from accounts.secret import SecretGone, change_secret
from guards.limits import Limit
from guards.locks import one_at_a_time

Mover = Callable[[str, Trail], None]
# Counted as the pages count an address, and never reached.
_MANY = 1_000_000


def address_of(request_id: str) -> str:
    """Where the key born of this request is told: its own, so that each mail tells which key it is about."""
    return f"k{request_id}@ejemplo.ar"


def _content(trail: Trail) -> dict[str, object]:
    return {
        "password_hash": make_password(trail.evidence["journey"]),
        "policies": ("2019", timezone.now()),
        "email": address_of(trail.evidence["journey"]),
        "email_confirmed_at": timezone.now(),
        "trail": trail,
    }


def _pending(cuil: str) -> Clave:
    return _first(Clave.objects.pending().filter(cuil=cuil).first())


def _live(cuil: str) -> Clave:
    return _first(Clave.objects.live().filter(cuil=cuil).first())


def _replaced(cuil: str) -> Clave:
    return _first(Clave.objects.filter(cuil=cuil, state=State.REPLACED).order_by("-state_since").first())


def _first(clave: Clave | None) -> Clave:
    if clave is None:
        raise MoveNotAllowed
    return clave


def _change(cuil: str, trail: Trail) -> None:
    change_secret(_live(cuil), f"{trail.evidence['journey']}-otra", trail)


MOVES: dict[str, Mover] = {
    "create_pending":   lambda cuil, trail: void(Clave.create_pending(cuil, **_content(trail))),
    "create_verified":  lambda cuil, trail: void(Clave.create_verified(cuil, **_content(trail))),
    "enable_online":    lambda cuil, trail: _pending(cuil).enable_online(trail=trail),
    "enable_in_office": lambda cuil, trail: _pending(cuil).enable_in_office(trail=trail),
    "raise_level":      lambda cuil, trail: _live(cuil).raise_level(trail=trail),
    "revoke":           lambda cuil, trail: _live(cuil).revoke(trail=trail),
    "restore":          lambda cuil, trail: _replaced(cuil).restore(trail=trail),
    "key_changed":      _change,
}  # fmt: skip


def void(_: object) -> None:
    """What was made is read from the table afterwards."""


def _done_before(cuil: str, request_id: str) -> bool:
    """Under the lock: whatever an earlier try left running in the database has ended then."""
    with transaction.atomic():
        one_at_a_time(cuil)
        return ClaveEvent.objects.filter(cuil=cuil, evidence__journey=request_id).exists()


def each_statement_for_itself(
    execute: Callable[..., object], sql: str, params: object, many: bool, context: dict[str, Any]
) -> object:
    """As if nobody had thought of transactions: what one statement wrote stays, whatever the next does."""
    if sql.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK")):
        return None
    done = execute(sql, params, many, context)
    context["connection"].connection.commit()
    return done


@csrf_exempt
@require_POST
def make_move(request: HttpRequest) -> JsonResponse:
    """200 and the states of this person's keys when it is done; 409 when no key was where the move starts."""
    cuil, request_id = request.POST["cuil"], request.POST["id"]
    trail = Trail(Actor.SYSTEM, "127.0.0.1", evidence={"journey": request_id})
    if settings.REDIS_URL:
        Limit("faults", _MANY, timedelta(hours=1), by_address=True).spend(cuil)
    try:
        if settings.FAULTS_CARELESS:
            with connection.execute_wrapper(each_statement_for_itself):
                MOVES[request.POST["move"]](cuil, trail)
        elif not _done_before(cuil, request_id):
            MOVES[request.POST["move"]](cuil, trail)
    except (MoveNotAllowed, SecretGone):
        return JsonResponse({"states": _states(cuil)}, status=409)
    return JsonResponse({"done": request_id, "states": _states(cuil)})


def _states(cuil: str) -> list[str]:
    return list(Clave.objects.current().filter(cuil=cuil).values_list("state", flat=True))
