"""Mails: who is told of what, in which words, and that a dead server stops nobody."""

import re
import smtplib
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import LazySettings
from django.core import mail
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from post_office.models import STATUS, Email, Log

from accounts.delivery import KEPT, deliver, forget
from accounts.form_number import grouped
from accounts.mail import SUBJECTS, Letter, masked_cuil, queue
from accounts.models import Clave
from guards.one_process import one_process
from tests.accounts.mailbox import html_part, links, received, waiting
from tests.builders import confirm_address, make_clave, make_cuil, system
from tests.racing import at_once

CUIL = make_cuil(30111222)
OWNER, OTHER = "marta@ejemplo.ar", "otra@ejemplo.ar"
TEMPLATES = Path(__file__).resolve().parents[2] / "templates" / "mail"
MUST_SAY = (
    "Todos los trámites son gratuitos",
    "ANSES NUNCA te pedirá que informes o confirmes tu clave mediante Correo Electrónico, SMS o llamado"
    " telefónico.",
    masked_cuil(CUIL),
)
FILL = {
    "form_number": "K7QM-3D9X-2HVRA",
    "deadline": "21 de febrero de 2026",
    "level": 2,
    "new": 1,
    "former": 2,
    "missing": "La apostilla",
    "clave": 1,
    "power": "block",
    "since": 1772452800.0,
    "to": "0" * 64,
    "changed": 1772452800,
    "browser": "Firefox en Linux",
    "at": "2 de marzo de 2026 a las 12:00",
    "word": "0" * 32,
}

pytestmark = pytest.mark.django_db


# --- Who is told ------------------------------------------------------------------------------------


def test_a_pending_key_is_told_to_its_own_address_with_its_form_and_its_last_day() -> None:
    with time_machine.travel("2025-11-23 12:00:00-03:00"):
        clave = make_clave(CUIL, email=OWNER, level=None)
    (message,) = received(OWNER)
    number = clave.form_number
    assert f"{number[:4]}-{number[4:8]}-{number[8:]}" in message.body
    assert "21 de febrero de 2026" in message.body


def test_the_owner_of_a_working_key_learns_that_somebody_asked_for_another() -> None:
    make_clave(CUIL, email=OWNER)
    make_clave(CUIL, email=OTHER, level=None)
    assert waiting(OWNER) == ["created", "requested"]
    assert waiting(OTHER) == ["pending"]
    assert "No fui yo" in links(received(OWNER)[-1])


def test_whoever_lost_a_working_key_to_another_learns_it_at_the_address_of_the_old_one() -> None:
    make_clave(CUIL, email=OWNER)
    pending = make_clave(CUIL, email=OTHER, level=None)
    pending.enable_online(trail=system())
    assert waiting(OWNER) == ["created", "requested", "replaced"]
    assert waiting(OTHER) == ["pending", "enabled"]


def test_whoever_holds_a_form_that_became_void_is_told_which() -> None:
    first = make_clave(CUIL, email=OWNER, level=None)
    make_clave(CUIL, email=OTHER, level=None)
    assert waiting(OWNER) == ["pending", "voided"]
    assert grouped(first.form_number) in received(OWNER)[-1].body


@pytest.mark.parametrize(
    ("moves", "told"),
    [
        (["enable_online"], ["pending", "enabled"]),
        (["enable_in_office"], ["pending", "enabled"]),
        (["enable_online", "raise_level"], ["pending", "enabled", "raised"]),
        (["revoke"], ["pending", "revoked"]),
        (["enable_online", "revoke"], ["pending", "enabled", "revoked"]),
    ],
)
def test_each_move_is_told_once(moves: list[str], told: list[str]) -> None:
    clave = make_clave(CUIL, email=OWNER, level=None)
    for move in moves:
        getattr(clave, move)(trail=system())
        if clave.level:
            confirm_address(clave)
    assert waiting(OWNER) == told


@pytest.mark.parametrize(("enable", "level"), [("enable_online", "nivel 2"), ("enable_in_office", "nivel 3")])
def test_the_mail_of_an_enabling_says_the_level(enable: str, level: str) -> None:
    clave = make_clave(CUIL, email=OWNER, level=None)
    getattr(clave, enable)(trail=system())
    enabled = next(m for m in received(OWNER) if m.subject == SUBJECTS["enabled"])
    assert level in enabled.body


def test_a_key_without_an_address_is_told_to_nobody_and_lives_all_the_same() -> None:
    clave = make_clave(CUIL, email="", level=None)
    clave.enable_in_office(trail=system())
    make_clave(CUIL, email="")
    assert waiting() == []


def test_a_move_that_is_undone_leaves_no_mail() -> None:
    clave = make_clave(CUIL, email=OWNER, level=None)
    with transaction.atomic():
        clave.enable_online(trail=system())
        transaction.set_rollback(True)
    assert waiting(OWNER) == ["pending"]


# --- How many ---------------------------------------------------------------------------------------


def test_over_the_limit_of_a_day_mails_stay_out_and_the_keys_are_made(settings: LazySettings) -> None:
    settings.PORTAL_MAILS_PER_CUIL_DAY = 2
    for _ in range(4):
        last = make_clave(CUIL, email=OTHER, level=None)
    assert sorted(waiting(OTHER)) == ["pending"] * 2 + ["voided"] * 2
    assert Clave.objects.pending().get() == last


def test_noise_does_not_use_up_the_warning_that_a_key_was_replaced(settings: LazySettings) -> None:
    settings.PORTAL_MAILS_PER_CUIL_DAY = 2
    make_clave(CUIL, email=OWNER)
    for _ in range(5):
        pending = make_clave(CUIL, email=OTHER, level=None)
    pending.enable_online(trail=system())
    assert waiting(OWNER) == ["created", "requested", "requested", "replaced"]


def test_the_limit_of_one_person_is_not_another_s(settings: LazySettings) -> None:
    settings.PORTAL_MAILS_PER_CUIL_DAY = 1
    for document in (30111222, 20222333):
        make_clave(make_cuil(document), email=OWNER, level=None)
    assert waiting(OWNER) == ["pending", "pending"]


# --- In which words ---------------------------------------------------------------------------------


def test_every_mail_has_its_text_and_its_html() -> None:
    files = {path.stem for path in TEMPLATES.iterdir()} - {"base", "no_fui_yo"}
    assert files == set(SUBJECTS)
    for name in SUBJECTS:
        assert (TEMPLATES / f"{name}.txt").exists()
        assert (TEMPLATES / f"{name}.html").exists()


@pytest.mark.parametrize("name", SUBJECTS)
def test_every_mail_says_what_each_must_say_in_both_its_forms(name: str) -> None:
    queue([Letter(name, OWNER, CUIL, FILL)])
    (message,) = received(OWNER)
    shown = " ".join(html_part(message).text_content().split())
    for sentence in MUST_SAY:
        assert sentence in message.body
        assert sentence in shown
    assert message.subject == SUBJECTS[name]
    assert CUIL not in message.body + shown


@pytest.mark.parametrize("name", SUBJECTS)
def test_every_link_is_built_from_the_one_setting_and_leads_to_no_page_that_asks_for_the_key(
    name: str, settings: LazySettings
) -> None:
    settings.SITE_URL = "https://clave.ejemplo.ar"
    queue([Letter(name, OWNER, CUIL, FILL)])
    (message,) = received(OWNER)
    written = set(re.findall(r"https?://\S+", message.body))
    assert written == set(links(message).values())
    assert written
    for address in written:
        assert re.match(
            r"https://clave\.ejemplo\.ar/(oficinas|no-fui-yo/[^/]+|correo-anterior/[^/]+)/$", address
        )


@pytest.mark.parametrize("name", SUBJECTS)
def test_the_html_of_a_mail_loads_nothing_and_runs_nothing(name: str) -> None:
    queue([Letter(name, OWNER, CUIL, FILL)])
    page = html_part(received(OWNER)[0])
    assert not page.xpath("//img | //script | //link | //style | //form | //*[@style]")
    assert page.xpath("/html/@lang") == ["es-AR"]


def test_what_waits_in_the_queue_holds_no_link_and_no_whole_cuil() -> None:
    make_clave(CUIL, email=OWNER)
    make_clave(CUIL, email=OTHER, level=None)
    for row in Email.objects.all():
        stored = f"{row.subject}{row.message}{row.html_message}{row.context}"
        assert "http" not in stored
        assert CUIL not in stored


# --- How they leave ---------------------------------------------------------------------------------


@pytest.fixture
def dead_server(settings: LazySettings) -> LazySettings:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", 1, 1
    return settings


def test_a_dead_mail_server_fails_nothing_and_the_mail_leaves_when_it_is_back(
    dead_server: LazySettings, capsys: pytest.CaptureFixture[str]
) -> None:
    make_clave(CUIL, email=OWNER, level=None)
    for _ in range(30):
        call_command("send_notices")
    assert "no contesta" in capsys.readouterr().out
    assert waiting(OWNER) == ["pending"]
    dead_server.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    call_command("send_notices")
    assert "Correos enviados: 1. En cola: 0." in capsys.readouterr().out
    assert [m.to for m in mail.outbox] == [[OWNER]]


class RefusesOne:
    """A mail server that takes every mail but those to one address."""

    def __init__(self, **_: object) -> None:
        pass

    def open(self) -> None: ...

    def close(self) -> None: ...

    def send_messages(self, messages: list[mail.EmailMessage]) -> int:
        if messages[0].to == [OTHER]:
            raise ConnectionResetError
        mail.outbox.append(messages[0])
        return 1


def test_a_refused_mail_is_tried_again_for_a_day_and_holds_up_no_other(settings: LazySettings) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.RefusesOne"
    mail.outbox = []
    make_clave(make_cuil(20222333), email=OTHER, level=None)
    make_clave(CUIL, email=OWNER, level=None)
    now = timezone.now()
    for number in range(30):
        with time_machine.travel(now + number * timedelta(minutes=61)):
            deliver()
    assert [m.to for m in mail.outbox] == [[OWNER]]
    refused = Email.objects.get(status=STATUS.failed)
    assert (refused.to, Log.objects.filter(email=refused).count()) == ([OTHER], 25)


class Counting:
    """A mail server that keeps what it took in a list, and dies of the one that comes after so many."""

    def __init__(self, last: int) -> None:
        self.last = last

    def __call__(self, **_: object) -> "Counting":
        return self

    def open(self) -> None: ...

    def close(self) -> None: ...

    def send_messages(self, messages: list[mail.EmailMessage]) -> int:
        if len(mail.outbox) == self.last:
            mail.outbox += messages
            raise KeyboardInterrupt  # taken, and nobody there any more to note it
        mail.outbox += messages
        return 1


def test_a_sender_that_dies_sends_one_mail_twice_at_most_and_both_times_as_the_same(
    monkeypatch: pytest.MonkeyPatch, settings: LazySettings
) -> None:
    queue([Letter("expired", f"n{number}@ejemplo.ar", CUIL) for number in range(30)])
    settings.EMAIL_BACKEND = f"{__name__}.dying"
    monkeypatch.setitem(globals(), "dying", Counting(last=17))
    with pytest.raises(KeyboardInterrupt):
        deliver()
    assert len(mail.outbox) == 18
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert deliver().sent == 13
    ids = [message.extra_headers["Message-ID"] for message in mail.outbox]
    assert (len(ids), len(set(ids))) == (31, 30)
    assert ids[17] == ids[18]


class HangsUp:
    """A mail server that takes three mails in one connection and then wants to be called again."""

    left = 0

    def __init__(self, **_: object) -> None:
        pass

    def open(self) -> None:
        self.left = self.left or 3

    def close(self) -> None:
        self.left = 0

    def send_messages(self, messages: list[mail.EmailMessage]) -> int:
        if self.left == 1:
            raise smtplib.SMTPServerDisconnected
        self.left -= 1
        mail.outbox += messages
        return 1


def test_a_server_that_ends_the_connection_after_some_mails_puts_off_none(settings: LazySettings) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.HangsUp"
    mail.outbox = []
    queue([Letter("expired", f"n{number}@ejemplo.ar", CUIL) for number in range(10)])
    delivery = deliver()
    assert (delivery.sent, delivery.refused, len(mail.outbox)) == (10, 0, 10)


def test_no_mail_names_the_machine_it_was_queued_on(settings: LazySettings) -> None:
    settings.DEFAULT_FROM_EMAIL = "Clave <no-responder@clave.ejemplo.ar>"
    queue([Letter("expired", OWNER, CUIL)])
    assert received(OWNER)[0].extra_headers["Message-ID"].endswith("@clave.ejemplo.ar>")


def test_a_mail_leaves_once_however_often_the_command_runs() -> None:
    make_clave(CUIL, email=OWNER, level=None)
    for _ in range(3):
        deliver()
    assert len(mail.outbox) == 1


def test_warnings_leave_before_what_is_written_by_the_thousand() -> None:
    queue([Letter("expired", OTHER, CUIL), Letter("replaced", OWNER, CUIL, FILL, urgent=True)])
    deliver()
    assert {m.to[0] for m in mail.outbox} == {OWNER, OTHER}
    order = list(Email.objects.order_by("-priority", "pk").values_list("to", flat=True))
    assert order[0] == [OWNER]


def test_what_would_tell_something_untrue_is_dropped() -> None:
    queue([Letter("reminder", OWNER, CUIL, FILL, until=timezone.now() - timedelta(seconds=1))])
    assert received(OWNER) == []
    assert forget() == 1


def test_the_queue_forgets_what_it_sent_after_some_days_and_nothing_that_waits() -> None:
    queue([Letter("expired", OWNER, CUIL)])
    deliver()
    queue([Letter("expired", OTHER, CUIL)])
    with time_machine.travel(timezone.now() + KEPT - timedelta(minutes=1)):
        assert forget() == 0
    with time_machine.travel(timezone.now() + KEPT + timedelta(minutes=1)):
        assert forget() == 1
    assert waiting(OTHER) == ["expired"]


@pytest.mark.django_db(transaction=True)
def test_of_several_senders_at_once_one_sends_and_nothing_is_sent_twice() -> None:
    queue([Letter("expired", f"n{number}@ejemplo.ar", CUIL) for number in range(20)])
    at_once(deliver, deliver, deliver)
    deliver()
    assert sorted(m.to[0] for m in mail.outbox) == sorted(f"n{number}@ejemplo.ar" for number in range(20))


@pytest.mark.django_db(transaction=True)
def test_a_job_is_one_process_s_until_it_ends() -> None:
    def take() -> bool:
        with one_process("prueba") as ours:
            return ours

    with one_process("prueba") as ours:
        assert ours
        assert at_once(take, take) == [False, False]
    assert at_once(take) == [True]


@pytest.mark.django_db(transaction=True)
def test_the_table_of_templates_may_be_empty_or_filled_twice() -> None:
    at_once(*[lambda: queue([Letter("expired", OWNER, CUIL)])] * 3)
    assert len(received(OWNER)) == 3
