"""The keys are changed and nobody notices: what was made under the one before is still known."""

from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core import signing
from django.core.management import call_command
from django.db import transaction
from django.test import RequestFactory

from accounts import known_device, triggers
from accounts.certificates import certificate_in_force, new_certificate
from accounts.events import Actor, ClaveEvent, Note, Trail, broken_events, record
from accounts.mail import is_mark_of, mark_of
from accounts.models import Clave
from guards.keyed import keyed_hash
from guards.limits import Limit, LimitReached
from guards.models import Counter
from identity.importer.run import import_folder
from identity.models import Person
from identity.tramite import tramite_limits, tramite_matches
from operation.copies import back_up, read_manifest
from tests.builders import make_clave, make_person
from tests.identity.registry_folder import RegistryFolder
from tests.visitor import Visitor
from tests.walker import log_in

pytestmark = pytest.mark.django_db(transaction=True)

TRAMITE = "00735190482"
NEW = "the key of the year that comes, long enough as well"


@pytest.fixture
def rotate(settings: LazySettings):
    """Put a new data key in use; `forget`: and leave the one before out."""

    def change(new: str = NEW, *, forget: bool = False) -> None:
        former = [] if forget else [settings.PORTAL_DATA_KEY, *settings.PORTAL_DATA_KEY_FALLBACKS]
        settings.PORTAL_DATA_KEY, settings.PORTAL_DATA_KEY_FALLBACKS = new, former

    return change


def retire(settings: LazySettings, rotate, new: str = NEW) -> None:
    """As when a key was found out."""
    settings.PORTAL_DATA_KEY_RETIRED = [settings.PORTAL_DATA_KEY, *settings.PORTAL_DATA_KEY_RETIRED]
    rotate(new)


def append(cuil: str, settings: LazySettings, key: str | None = None) -> ClaveEvent:
    """One more event of a person, sealed with the key in use or another."""
    in_use = settings.PORTAL_DATA_KEY
    settings.PORTAL_DATA_KEY = key or in_use
    try:
        with transaction.atomic():
            return record(cuil, Note.SIGNED_OUT, Trail(Actor.OWNER, "200.45.1.2"))
    finally:
        settings.PORTAL_DATA_KEY = in_use


def rekey() -> tuple[int, str]:
    told = StringIO()
    try:
        call_command("rekey", stdout=told, stderr=told)
    except SystemExit as end:
        return int(end.code or 0), told.getvalue()
    return 0, told.getvalue()


# --- Each use -------------------------------------------------------------------------------------------


def test_a_tramite_number_is_known_after_the_change_and_not_without_the_key_before(rotate) -> None:
    person = make_person(tramite=TRAMITE)
    rotate()
    assert tramite_matches(person, TRAMITE)
    assert not tramite_matches(person, TRAMITE[::-1])
    rotate(forget=True)
    assert not tramite_matches(person, TRAMITE)


def test_a_tramite_number_written_without_a_mark_is_known(rotate) -> None:
    person = make_person(tramite=TRAMITE)
    person.tramite_hash = keyed_hash("tramite", person.cuil, TRAMITE)
    assert tramite_matches(person, TRAMITE)
    rotate()
    assert tramite_matches(person, TRAMITE)


def test_the_chain_goes_on_under_the_new_key_and_verifies(rotate) -> None:
    clave = make_clave(make_person().cuil)
    before = ClaveEvent.objects.count()
    rotate()
    log_in(Visitor(), Person.objects.get())
    assert ClaveEvent.objects.count() > before
    assert list(broken_events()) == []
    rotate(forget=True)
    assert [event.cuil for event in broken_events()] == [clave.cuil] * before


def test_a_limit_goes_on_counting_through_the_change(rotate) -> None:
    limit = tramite_limits()[1]
    for _ in range(limit.free):
        limit.spend("somebody")
    rotate()
    assert limit.left("somebody") == 0
    with pytest.raises(LimitReached):
        limit.spend("somebody")
    limit.forget("somebody")
    assert limit.left("somebody") == limit.free


def test_a_try_under_both_keys_is_counted_once_in_one_place(rotate) -> None:
    limit = Limit("x", 5, timedelta(hours=1))
    limit.spend("a")
    rotate()
    assert limit.spend("a") == 2
    assert limit.spend("a") == 3
    assert Counter.objects.count() == 1


def test_counts_under_two_keys_before_do_not_meet(settings: LazySettings) -> None:
    limit, first = Limit("x", 5, timedelta(hours=1)), settings.PORTAL_DATA_KEY
    limit.spend("a")
    settings.PORTAL_DATA_KEY = f"{NEW}, the first time"
    limit.spend("a")
    settings.PORTAL_DATA_KEY_FALLBACKS = [settings.PORTAL_DATA_KEY, first]
    settings.PORTAL_DATA_KEY = NEW
    assert limit.spend("a") == 2


def test_a_certificate_can_be_checked_after_the_change(rotate) -> None:
    certificate, code = new_certificate(make_person().cuil)
    certificate.save()
    rotate()
    assert certificate_in_force(code) == certificate
    rotate(forget=True)
    assert certificate_in_force(code) is None


def test_a_browser_that_was_known_stays_known(rotate) -> None:
    person = make_person()
    make_clave(person.cuil)
    who = log_in(Visitor(), person)
    carried = RequestFactory().get("/")
    carried.COOKIES.update({name: morsel.value for name, morsel in who.client.cookies.items()})
    assert known_device.known_mark(carried, person.cuil)
    rotate()
    assert known_device.known_mark(carried, person.cuil)
    rotate(forget=True)
    assert known_device.known_mark(carried, person.cuil) is None


def test_a_link_in_a_mail_knows_its_address_after_the_change(rotate) -> None:
    mark = mark_of("marta@ejemplo.ar")
    rotate()
    assert is_mark_of(mark, "Marta@ejemplo.ar")
    assert not is_mark_of(mark, "otra@ejemplo.ar")


def test_a_copy_made_before_the_change_is_taken(rotate, tmp_path: Path) -> None:
    copy = back_up(tmp_path)
    rotate()
    assert read_manifest(copy).chains == 0


def test_who_was_in_stays_in_and_links_stay_good_when_the_secret_key_changes(settings: LazySettings) -> None:
    person = make_person()
    make_clave(person.cuil)
    who, link = log_in(Visitor(), person), signing.dumps([1, 2], salt="x")
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = NEW, [settings.SECRET_KEY]
    assert "Nivel 2" in who.open("/inicio/").text
    assert signing.loads(link, salt="x") == [1, 2]


# --- What is still needed -----------------------------------------------------------------------------


def test_with_one_key_there_is_nothing_to_wait_for() -> None:
    make_clave(make_person(tramite=TRAMITE).cuil)
    assert rekey() == (0, "Todo está hecho con PORTAL_DATA_KEY: las anteriores se pueden quitar.\n")


def test_what_is_still_under_the_key_before_is_named_with_how_it_ends(rotate) -> None:
    make_clave(make_person(tramite=TRAMITE).cuil)
    events = ClaveEvent.objects.count()
    rotate()
    code, told = rekey()
    assert code == 0
    assert "PORTAL_DATA_KEY_FALLBACKS, la 1ª: 1 números de trámite; se rehacen al" in told
    assert f"PORTAL_DATA_KEY_FALLBACKS, la 1ª: {events} eventos; quedan con su clave" in told


def test_a_key_that_was_found_out_verifies_the_events_of_its_time_and_opens_nothing(
    rotate, settings: LazySettings
) -> None:
    person = make_person(tramite=TRAMITE)
    make_clave(person.cuil)
    mark = mark_of("marta@ejemplo.ar")
    retire(settings, rotate)
    assert not list(broken_events())
    assert not is_mark_of(mark, "marta@ejemplo.ar")
    assert not tramite_matches(person, TRAMITE)
    code, told = rekey()
    assert code == 0, "nothing is missing"
    assert "la 1ª: 1 números de trámite; se rehacen al cargar el registro; nada se abre con eso" in told


def test_a_change_because_a_key_was_found_out_gives_nobody_their_tries_back(
    rotate, settings: LazySettings
) -> None:
    limit = Limit("x", 1, timedelta(hours=1))
    limit.spend("a")
    retire(settings, rotate)
    with pytest.raises(LimitReached):
        limit.spend("a")


def test_whoever_has_a_retired_key_adds_nothing_to_a_chain_that_went_on(
    rotate, settings: LazySettings
) -> None:
    person, found_out = make_person(), settings.PORTAL_DATA_KEY
    make_clave(person.cuil)
    retire(settings, rotate)
    log_in(Visitor(), person)
    assert not list(broken_events())
    forged = append(person.cuil, settings, found_out)
    assert list(broken_events()) == [forged]


def test_that_stays_so_when_the_key_after_it_is_retired_as_well(rotate, settings: LazySettings) -> None:
    person, found_out = make_person(), settings.PORTAL_DATA_KEY
    make_clave(person.cuil)
    retire(settings, rotate)
    append(person.cuil, settings)
    retire(settings, rotate, "the key of the year after that one, as long as all")
    forged = append(person.cuil, settings, found_out)
    assert list(broken_events()) == [forged]


def test_a_key_older_than_the_one_found_out_goes_on_verifying_and_so_do_the_events_of_both(
    rotate, settings: LazySettings
) -> None:
    person = make_person()
    make_clave(person.cuil)
    rotate()
    append(person.cuil, settings)
    retire(settings, rotate, "the key of the year after that one, as long as all")
    append(person.cuil, settings)
    assert not list(broken_events())


def test_of_the_time_of_a_retired_key_only_the_event_that_was_touched_is_named(
    rotate, settings: LazySettings
) -> None:
    person = make_person()
    make_clave(person.cuil)
    touched = append(person.cuil, settings)
    append(person.cuil, settings)
    retire(settings, rotate)
    with triggers.lifted():
        ClaveEvent.objects.filter(pk=touched.pk).update(address="10.0.0.1")
    assert list(broken_events()) == [touched]


def test_a_copy_of_the_time_of_a_retired_key_is_restored_with_that_key_in_use(
    rotate, settings: LazySettings
) -> None:
    make_clave(make_person(tramite=TRAMITE).cuil)
    found_out = settings.PORTAL_DATA_KEY
    retire(settings, rotate)
    settings.PORTAL_DATA_KEY = found_out
    assert not list(broken_events())
    assert rekey()[0] == 0


def test_a_key_left_out_too_early_is_missed(rotate) -> None:
    make_clave(make_person(tramite=TRAMITE).cuil)
    rotate(forget=True)
    code, told = rekey()
    assert code == 1
    assert "que no está puesta" in told
    assert "Poné esa clave en PORTAL_DATA_KEY_FALLBACKS" in told


def test_the_next_load_of_the_register_makes_the_numbers_anew(rotate, tmp_path: Path) -> None:
    RegistryFolder(tmp_path)
    import_folder(tmp_path)
    assert Person.objects.exclude(tramite_hash="").exists(), "the register brings numbers"
    rotate()
    assert "números de trámite" in rekey()[1]
    import_folder(tmp_path)
    assert "números de trámite" not in rekey()[1]
    assert Clave.objects.count() == 0
