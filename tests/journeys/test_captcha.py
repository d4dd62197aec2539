import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from io import BytesIO
from threading import Barrier, Event, Thread

import pytest
import time_machine
from captcha.models import CaptchaStore
from django import forms
from django.conf import settings
from django.contrib.sessions.models import Session
from django.db import connection, connections
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import rotate_token
from django.test import Client, RequestFactory, override_settings
from django.urls import include, path
from django.utils import timezone
from django.utils.crypto import get_random_string
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from journeys.captcha import image
from journeys.captcha.challenge import (
    CodeExpired,
    CodeRefused,
    CodeWrong,
    consume,
    digits_of,
    issue,
    six_digits,
)
from journeys.captcha.field import EMPTY, EXPIRED, WRONG, CaptchaForm
from tests.comparing import headers_of

SCRIPT = {"X-Requested-With": "XMLHttpRequest"}


class NameForm(CaptchaForm):
    name = forms.CharField()


def page(request: HttpRequest) -> HttpResponse:
    form = NameForm(request.POST or None, request=request)
    if request.POST and form.is_valid():
        return JsonResponse({"entered": form.cleaned_data["name"]})
    shown = {"errors": form.errors, "captcha": form["captcha"].value() or ""}
    return JsonResponse(shown | {"key": form.challenge.key, "image": form.challenge.image_url})


def log_in(request: HttpRequest) -> HttpResponse:
    rotate_token(request)
    return HttpResponse()


urlpatterns = [
    path("prueba/pagina/", page),
    path("prueba/entrar/", log_in),
    path("", include("clave_portal.urls")),
]
pytestmark = [pytest.mark.urls(__name__), pytest.mark.django_db]


def answer_to(key: str) -> str:
    return CaptchaStore.objects.get(hashkey=key).response


def wrong_answer_to(key: str) -> str:
    return f"{(int(answer_to(key)) + 1) % 10**6:06d}"


def send(client: Client, key: str, typed: str, name: str = "Ana") -> dict[str, object]:
    posted = client.post("/prueba/pagina/", {"captcha_key": key, "captcha": typed, "name": name})
    answer: dict[str, object] = posted.json()
    return answer


def browser() -> HttpRequest:
    request = RequestFactory().get("/")
    request.META["CSRF_COOKIE"] = get_random_string(32)
    return request


def test_the_digits_of_the_image_open_the_page(client: Client) -> None:
    key = client.get("/prueba/pagina/").json()["key"]
    assert send(client, key, answer_to(key)) == {"entered": "Ana"}


def test_spaces_between_the_digits_do_not_matter(client: Client) -> None:
    key = client.get("/prueba/pagina/").json()["key"]
    digits = answer_to(key)
    assert send(client, key, f" {digits[:3]} {digits[3:]} ") == {"entered": "Ana"}


def test_a_code_opens_the_page_only_once(client: Client) -> None:
    key = client.get("/prueba/pagina/").json()["key"]
    digits = answer_to(key)
    send(client, key, digits)
    assert send(client, key, digits)["errors"] == {"captcha": [EXPIRED]}


def test_a_wrong_answer_uses_the_code_up(client: Client) -> None:
    key = client.get("/prueba/pagina/").json()["key"]
    digits = answer_to(key)
    assert send(client, key, wrong_answer_to(key))["errors"] == {"captcha": [WRONG]}
    assert send(client, key, digits)["errors"] == {"captcha": [EXPIRED]}


def test_a_right_answer_is_used_up_even_when_another_field_is_wrong(client: Client) -> None:
    key = client.get("/prueba/pagina/").json()["key"]
    digits = answer_to(key)
    assert list(send(client, key, digits, name="")["errors"]) == ["name"]
    assert send(client, key, digits)["errors"] == {"captcha": [EXPIRED]}


def test_an_empty_answer_asks_for_the_code(client: Client) -> None:
    key = client.get("/prueba/pagina/").json()["key"]
    assert send(client, key, "  ")["errors"] == {"captcha": [EMPTY]}


def test_after_an_error_there_is_another_image_and_nothing_typed(client: Client) -> None:
    first = client.get("/prueba/pagina/").json()
    second = send(client, first["key"], wrong_answer_to(first["key"]))
    assert second["captcha"] == ""
    assert second["key"] != first["key"]
    assert send(client, str(second["key"]), answer_to(str(second["key"]))) == {"entered": "Ana"}


def test_a_code_of_another_browser_is_refused_and_left_to_its_owner(client: Client) -> None:
    key = client.get("/prueba/pagina/").json()["key"]
    stranger = Client()
    stranger.get("/prueba/pagina/")
    assert send(stranger, key, answer_to(key))["errors"] == {"captcha": [EXPIRED]}
    assert send(client, key, answer_to(key)) == {"entered": "Ana"}


def test_a_browser_without_the_cookie_is_refused(client: Client) -> None:
    key = client.get("/prueba/pagina/").json()["key"]
    assert send(Client(), key, answer_to(key))["errors"] == {"captcha": [EXPIRED]}


def test_logging_in_makes_older_codes_void(client: Client) -> None:
    key = client.get("/prueba/pagina/").json()["key"]
    client.get("/prueba/entrar/")
    assert send(client, key, answer_to(key))["errors"] == {"captcha": [EXPIRED]}


@pytest.mark.parametrize(
    ("seconds", "errors"), [(299, None), (301, {"captcha": [EXPIRED]})], ids=["before", "after"]
)
def test_a_code_lives_for_five_minutes(
    client: Client, seconds: int, errors: dict[str, list[str]] | None
) -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        key = client.get("/prueba/pagina/").json()["key"]
    digits = answer_to(key)
    with time_machine.travel(start + timedelta(seconds=seconds), tick=False):
        assert send(client, key, digits).get("errors") == errors


def test_looking_at_a_page_writes_no_session(client: Client) -> None:
    client.get("/prueba/pagina/")
    assert settings.SESSION_COOKIE_NAME not in client.cookies
    assert not Session.objects.exists()


def test_a_form_that_is_not_shown_makes_no_code() -> None:
    NameForm(request=browser())
    assert not CaptchaStore.objects.exists()


@given(key=st.text(max_size=45) | st.from_regex(r"[0-9a-f]{40}", fullmatch=True))
def test_made_up_keys_are_refused(key: str) -> None:
    with pytest.raises(CodeExpired):
        consume(browser(), key, "123456")
    assert digits_of(key) is None


@given(typed=st.text(max_size=12))
def test_only_the_digits_themselves_are_right(typed: str) -> None:
    request = browser()
    key = issue(request).key
    if "".join(typed.split()) == answer_to(key):
        return
    with pytest.raises(CodeWrong):
        consume(request, key, typed)


@pytest.mark.django_db(transaction=True)
def test_six_tries_at_the_same_moment_pass_exactly_once() -> None:
    for _ in range(20):
        request = browser()
        key = issue(request).key
        assert sorted(all_at_once(6, partial(consume, request, key, answer_to(key)))) == [
            *["CodeExpired"] * 5,
            "passed",
        ]


def all_at_once(count: int, action: partial[None]) -> list[str]:
    """What came of it in each thread: «passed» or the name of the refusal."""
    outcomes: list[str] = []
    start = Barrier(count)

    def one() -> None:
        try:
            start.wait()
            action()
            outcomes.append("passed")
        except CodeRefused as refusal:
            outcomes.append(type(refusal).__name__)
        finally:
            connections.close_all()

    threads = [Thread(target=one) for _ in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcomes


def test_the_picture_is_small_and_of_the_size_the_page_gives_it(client: Client) -> None:
    answer = client.get(client.get("/prueba/pagina/").json()["image"])
    picture = Image.open(BytesIO(answer.content))
    picture.verify()
    assert (picture.format, picture.size) == ("PNG", (440, 144))
    assert (answer["Content-Type"], answer["Cache-Control"]) == ("image/png", "no-store")


def test_no_picture_is_larger_than_five_kilobytes() -> None:
    assert max(len(image.draw(six_digits()[0], str(number))) for number in range(200)) <= 5000


def test_used_old_and_unknown_codes_get_the_same_answer(client: Client) -> None:
    used, old = (client.get("/prueba/pagina/").json() for _ in range(2))
    send(client, used["key"], answer_to(used["key"]))
    CaptchaStore.objects.filter(hashkey=old["key"]).update(expiration=timezone.now())
    unknown = f"/captcha/image/{'0' * 40}/"
    answers = [client.get(url) for url in (used["image"], old["image"], unknown)]
    assert {(answer.status_code, answer.content) for answer in answers} == {(410, b"")}
    assert len({headers_of(answer) for answer in answers}) == 1


def test_asking_again_gives_the_same_picture_and_no_second_look_at_the_noise() -> None:
    assert image.draw("123456", "a") == image.draw("123456", "a")
    assert image.draw("123456", "a") != image.draw("123456", "b")


def test_the_picture_cannot_be_foretold_from_its_key() -> None:
    before = image.draw("123456", "a")
    with override_settings(PORTAL_DATA_KEY="the key of another deployment"):
        assert image.draw("123456", "a") != before


@pytest.mark.parametrize("digit", "0123456789")
def test_six_of_the_widest_shape_fit_into_the_picture(digit: str) -> None:
    image.draw("000000", "a")
    widest = max(shape.width for shape in image._atlas[digit])
    assert 6 * widest <= image.WIDTH - 2 * image.MARGIN
    tallest = max(shape.height for shape in image._atlas[digit])
    assert tallest + 2 * image.WANDER <= image.HEIGHT


def test_the_first_pictures_may_be_drawn_by_several_threads() -> None:
    image._atlas.clear()
    pictures: list[bytes] = []
    start = Barrier(4)

    def one() -> None:
        start.wait()
        pictures.append(image.draw("123456", "a"))

    threads = [Thread(target=one) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert pictures == [image.draw("123456", "a")] * 4


@contextmanager
def a_known_picture_drawn_over_and_over() -> Iterator[None]:
    stop = Event()

    def draw() -> None:
        while not stop.is_set():
            image.draw("123456", "a known key")

    threads = [Thread(target=draw) for _ in range(2)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join()


def test_drawing_known_pictures_does_not_make_codes_repeat() -> None:
    with a_known_picture_drawn_over_and_over():
        codes = {six_digits()[0] for _ in range(4000)}
    assert len(codes) > 3950  # about 8 of 4000 meet by chance


def test_codes_and_pictures_leave_the_common_generator_alone() -> None:
    random.seed(7)
    before = random.getstate()
    codes = [six_digits() for _ in range(5)]
    image.draw("123456", "a")
    assert random.getstate() == before
    assert codes != [six_digits() for _ in range(5)]


def test_a_code_is_six_digits_also_when_it_begins_with_zeros(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("secrets.randbelow", lambda below: 7)
    assert six_digits() == ("000007", "000007")


def test_the_script_gets_another_code_for_the_same_browser(client: Client) -> None:
    client.get("/prueba/pagina/")
    answer = client.get("/captcha/nueva/", headers=SCRIPT)
    assert answer["Cache-Control"] == "no-store"
    other = answer.json()
    assert set(other) == {"key", "image_url", "audio_url"}
    assert client.get(other["audio_url"]).status_code == 200
    assert client.get(other["image_url"]).status_code == 200
    assert send(client, other["key"], answer_to(other["key"])) == {"entered": "Ana"}


@pytest.mark.parametrize("accept", ["text/html,*/*;q=0.8", ""])
def test_nobody_else_makes_codes_at_the_address_of_the_script(client: Client, accept: str) -> None:
    assert client.get("/captcha/nueva/", headers={"Accept": accept}).status_code == 404
    assert client.post("/captcha/nueva/", headers=SCRIPT).status_code == 405
    assert not CaptchaStore.objects.exists()


def test_expired_codes_are_found_by_an_index() -> None:
    with connection.cursor() as cursor:
        known = connection.introspection.get_constraints(cursor, CaptchaStore._meta.db_table)
    assert ["expiration"] in [each["columns"] for each in known.values() if each["index"]]
