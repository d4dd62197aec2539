"""The purge: what it expires, erases and deletes, what stops it, and what cannot stop it."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.conf import LazySettings
from django.core.management import CommandError, call_command
from django.utils import timezone

from accounts import purge
from accounts.events import Actor, ClaveEvent, Trail, broken_events
from accounts.lifecycle import Move, State
from accounts.models import Clave, overdue
from tests.accounts.mailbox import waiting
from tests.accounts.test_deadline import SECOND, TERMS
from tests.builders import make_clave, make_cuil, system
from tests.crowd import write_keys
from tests.plans import asked_by

CUIL = make_cuil(30111222)
OWNER = "marta@ejemplo.ar"
HERE = ZoneInfo("America/Argentina/Buenos_Aires")
FORCED = {"force_clock": True, "force_count": True}

pytestmark = pytest.mark.django_db


def state(clave: Clave) -> str:
    return Clave.objects.get(pk=clave.pk).state


def after_its_last_day(clave: Clave) -> date:
    assert clave.deadline
    return clave.deadline + timedelta(days=1)


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run the command; what it printed."""

    def run(**options: object) -> str:
        call_command("purge_expired_keys", **options)
        return capsys.readouterr().out

    return run


# --- Ninety days --------------------------------------------------------------------------------------


@pytest.mark.parametrize(("made", "last_day", "over"), TERMS)
def test_the_purge_takes_a_key_with_the_first_second_after_its_last_day_and_not_before(
    made: datetime, last_day: date, over: datetime
) -> None:
    with time_machine.travel(made, tick=False):
        clave = make_clave(CUIL, level=None)
    with time_machine.travel(over - SECOND, tick=False):
        call_command("purge_expired_keys", **FORCED)
        assert state(clave) == State.PENDING
    with time_machine.travel(over, tick=False):
        call_command("purge_expired_keys", **FORCED)
        assert state(clave) == State.EXPIRED


def test_nothing_of_the_person_stays_on_an_expired_key_and_the_chain_tells_of_it() -> None:
    clave = make_clave(CUIL, level=None, email=OWNER)
    purge.purge(after_its_last_day(clave))
    gone = Clave.objects.get(pk=clave.pk)
    assert (gone.password, gone.email, gone.country, gone.address_abroad, gone.phone) == ("",) * 5
    told = ClaveEvent.objects.get(kind=Move.EXPIRE)
    assert (told.clave_number, told.source, told.target) == (clave.pk, State.PENDING, State.EXPIRED)
    assert told.actor == Actor.SYSTEM
    assert list(broken_events()) == []


def test_whoever_left_an_address_is_told_that_the_key_expired_once() -> None:
    claves = [
        make_clave(CUIL, level=None, email=OWNER),
        make_clave(make_cuil(20222333), level=None, email=""),
    ]
    for _ in range(2):
        purge.purge(after_its_last_day(claves[0]))
    assert waiting() == ["pending", "expired"]


def test_only_overdue_pending_keys_are_touched() -> None:
    kept = [make_clave(make_cuil(31000000 + n), level=level) for n, level in enumerate((2, 3))]
    due = make_clave(CUIL, level=None)
    Clave.objects.filter(pk=due.pk).update(deadline=timezone.localdate() - timedelta(days=1))
    in_time = make_clave(make_cuil(20222333), level=None)
    revoked = make_clave(make_cuil(20222444), level=None)
    revoked.revoke(trail=system())
    before = {clave.pk: state(clave) for clave in [*kept, in_time, revoked]}
    assert purge.purge(timezone.localdate()).expired == 1
    assert {clave.pk: state(clave) for clave in [*kept, in_time, revoked]} == before


def test_whoever_s_key_expired_starts_again_in_the_same_minute() -> None:
    old = make_clave(CUIL, level=None)
    with time_machine.travel(
        datetime.combine(after_its_last_day(old), datetime.min.time(), HERE), tick=False
    ):
        call_command("purge_expired_keys", **FORCED)
        new = make_clave(CUIL, level=None)
        new.enable_online(trail=system())
    assert (state(old), state(new)) == (State.EXPIRED, State.LEVEL_2)
    assert list(broken_events()) == []


# --- What the command says ------------------------------------------------------------------------------


def test_it_says_what_it_did_in_numbers(said: Callable[..., str]) -> None:
    claves = [make_clave(make_cuil(31000000 + n), level=None) for n in range(3)]
    day = str(after_its_last_day(claves[0]))
    assert "Claves vencidas: 3." in said(today=day, **FORCED)
    assert "Claves vencidas: 0." in said(today=day, **FORCED)


def test_a_dry_run_says_the_same_numbers_and_changes_nothing(said: Callable[..., str]) -> None:
    clave = make_clave(CUIL, level=None)
    for _ in range(2):
        output = said(today=str(after_its_last_day(clave)), dry_run=True, **FORCED)
        assert "Simulación, sin cambios. Claves vencidas: 1." in output
    assert (state(clave), ClaveEvent.objects.count(), waiting()) == (State.PENDING, 1, ["pending"])


def test_an_earlier_today_expires_only_what_was_over_then(said: Callable[..., str]) -> None:
    clave = make_clave(CUIL, level=None)
    Clave.objects.filter(pk=clave.pk).update(deadline=timezone.localdate() - timedelta(days=5))
    assert "Claves vencidas: 0." in said(today=str(timezone.localdate() - timedelta(days=5)))
    assert "Claves vencidas: 1." in said(today=str(timezone.localdate() - timedelta(days=4)))


@pytest.mark.parametrize("today", ["mañana", "2026-02-30", "21/02/2026"])
def test_a_day_that_is_none_is_refused_with_an_example(today: str) -> None:
    with pytest.raises(CommandError, match="escribila como 2026-02-21"):
        call_command("purge_expired_keys", today=today)


# --- Guards ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("minutes", [-6, 6, 60 * 24 * 91])
def test_a_clock_that_differs_from_the_database_s_stops_it(minutes: int) -> None:
    """The machine's clock runs ahead or behind; the database has its own."""
    clave = make_clave(CUIL, level=None)
    Clave.objects.filter(pk=clave.pk).update(deadline=timezone.localdate() - timedelta(days=9))
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
        with pytest.raises(CommandError, match="El reloj de esta máquina y el de la base difieren"):
            call_command("purge_expired_keys")
        assert state(clave) == State.PENDING
        call_command("purge_expired_keys", force_clock=True)
    assert state(clave) == State.EXPIRED


@pytest.mark.parametrize("minutes", [-4, 0, 4])
def test_clocks_a_few_minutes_apart_are_usual(minutes: int, said: Callable[..., str]) -> None:
    with time_machine.travel(timezone.now() + timedelta(minutes=minutes)):
        assert "Claves vencidas: 0." in said()


def test_a_day_that_has_not_come_for_the_database_is_refused_unless_forced() -> None:
    clave = make_clave(CUIL, level=None)
    tomorrow = str(timezone.localdate() + timedelta(days=1))
    with pytest.raises(CommandError, match="todavía no es"):
        call_command("purge_expired_keys", today=tomorrow)
    call_command("purge_expired_keys", today=str(after_its_last_day(clave)), force_clock=True)
    assert state(clave) == State.EXPIRED


@pytest.mark.parametrize(
    ("due", "in_time", "refused"), [(4, 0, True), (4, 7, True), (4, 8, False), (3, 0, False)]
)
def test_more_keys_than_days_of_waiting_can_bring_stop_it(
    monkeypatch: pytest.MonkeyPatch, due: int, in_time: int, refused: bool
) -> None:
    """With a thousand lowered to three: more than that, and more than a third of the pending ones."""
    monkeypatch.setattr(purge, "_ABSURD_COUNT", 3)
    claves = [make_clave(make_cuil(31000000 + n), level=None) for n in range(due + in_time)]
    Clave.objects.filter(pk__in=[c.pk for c in claves[:due]]).update(deadline=date(2020, 1, 1))
    if refused:
        with pytest.raises(CommandError, match=f"Vencerían {due} de {due + in_time} claves pendientes"):
            call_command("purge_expired_keys")
        assert Clave.objects.filter(state=State.EXPIRED).count() == 0
    call_command("purge_expired_keys", force_count=refused)
    assert Clave.objects.filter(state=State.EXPIRED).count() == due


def test_each_guard_has_its_own_way_round(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(purge, "_ABSURD_COUNT", 0)
    make_clave(CUIL, level=None)
    later = str(timezone.localdate() + timedelta(days=100))
    with pytest.raises(CommandError, match="claves pendientes"):
        call_command("purge_expired_keys", today=later, force_clock=True)
    with pytest.raises(CommandError, match="todavía no es"):
        call_command("purge_expired_keys", today=later, force_count=True)


# --- A row that fails -----------------------------------------------------------------------------------


def test_a_row_that_cannot_be_expired_does_not_stop_the_others(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    claves = [make_clave(make_cuil(31000000 + n), level=None) for n in range(9)]
    bad = claves[4].pk
    through_the_door = purge.pass_through

    def stumbles(moving: list[Clave], *args: object, **more: object) -> object:
        moved = through_the_door(moving, *args, **more)
        if bad in {clave.pk for clave in moving}:
            raise RuntimeError("27301112225")
        return moved

    monkeypatch.setattr(purge, "pass_through", stumbles)
    day = str(after_its_last_day(claves[0]))
    with pytest.raises(SystemExit) as ended:
        call_command("purge_expired_keys", today=day, **FORCED)
    assert ended.value.code == 1
    printed = capsys.readouterr()
    assert "Claves vencidas: 8." in printed.out
    assert "No se pudieron vencer: 1." in printed.err
    assert "27301112225" not in printed.out + printed.err
    assert [c.pk for c in claves if state(c) == State.PENDING] == [bad]
    assert ClaveEvent.objects.filter(kind=Move.EXPIRE).count() == 8
    monkeypatch.undo()
    assert purge.purge(after_its_last_day(claves[0])).expired == 1


def test_it_gives_up_when_everything_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: object, **__: object) -> object:
        raise RuntimeError

    monkeypatch.setattr(purge, "_GIVE_UP_AFTER", 3)
    monkeypatch.setattr(purge, "BATCH", 4)
    claves = [make_clave(make_cuil(31000000 + n), level=None) for n in range(10)]
    monkeypatch.setattr(purge, "pass_through", fails)
    assert purge.purge(after_its_last_day(claves[0])).failed == 3


# --- What else time takes away ----------------------------------------------------------------------------


def travel_days(days: float) -> time_machine.travel:
    return time_machine.travel(timezone.now() + timedelta(days=days))


def test_the_secret_of_a_replaced_key_stays_as_long_as_it_can_come_back_and_goes_then() -> None:
    old = make_clave(CUIL, email=OWNER)
    make_clave(CUIL)
    with travel_days(10):
        purge.purge(timezone.localdate())
        assert Clave.objects.get(pk=old.pk).password
    with travel_days(13):
        assert purge.purge(timezone.localdate()).erased == 1
        assert purge.purge(timezone.localdate()).erased == 0
    erased = Clave.objects.get(pk=old.pk)
    assert (erased.state, erased.password, erased.email) == (State.REPLACED, "", "")


def test_a_key_that_can_be_restored_at_the_last_hour_still_has_its_secret() -> None:
    old = make_clave(CUIL)
    make_clave(CUIL)
    with time_machine.travel(timezone.now() + timedelta(hours=239, minutes=59)):
        purge.purge(timezone.localdate())
        Clave.objects.get(pk=old.pk).restore(trail=Trail(Actor.VISITOR))
    assert Clave.objects.get(pk=old.pk).password


def test_expired_keys_are_deleted_after_the_retention_and_their_events_stay(settings: LazySettings) -> None:
    settings.PORTAL_RETENTION_DAYS = 30
    clave = make_clave(CUIL, level=None)
    Clave.objects.filter(pk=clave.pk).update(deadline=timezone.localdate() - timedelta(days=1))
    purge.purge(timezone.localdate())
    revoked = make_clave(make_cuil(20222333))
    revoked.revoke(trail=system())
    with travel_days(29):
        assert purge.purge(timezone.localdate()).deleted == 0
    with travel_days(32):
        assert purge.purge(timezone.localdate()).deleted == 1
    assert list(Clave.objects.all()) == [revoked]
    assert ClaveEvent.objects.filter(cuil=CUIL).count() == 2


def test_the_forecast_counts_what_the_purge_then_does(settings: LazySettings) -> None:
    settings.PORTAL_RETENTION_DAYS = 30
    expired, due = (make_clave(make_cuil(n), level=None) for n in (31000001, 31000002))
    Clave.objects.filter(pk=expired.pk).update(deadline=timezone.localdate() - timedelta(days=1))
    purge.purge(timezone.localdate())
    make_clave(CUIL)
    make_clave(CUIL)
    with travel_days(100):
        today = timezone.localdate()
        expected = purge.forecast(today)
        assert (expected.expired, expected.erased, expected.deleted) == (1, 1, 1)
        assert purge.purge(today) == expected
    assert state(due) == State.EXPIRED


# --- Among many ---------------------------------------------------------------------------------------


def test_the_overdue_keys_are_found_without_walking_through_all_keys() -> None:
    write_keys(3000)
    due = Clave.objects.filter(overdue(timezone.localdate()))
    found: list[int] = []
    (query,) = asked_by(lambda: found.extend(purge.numbers_of(due)))
    assert [reading.index for reading in query.readings] == ["clave_pending_deadline"]
    assert found == sorted(found)
    assert len(found) == due.count()
