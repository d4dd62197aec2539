"""The code by ear: what is heard opens the page, and nothing else about it tells the digits."""

import wave
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
import time_machine
from captcha.models import CaptchaStore
from django.http import HttpResponse
from django.test import override_settings
from django.utils import timezone

from identity.models import Person
from journeys.captcha import voice
from journeys.captcha.challenge import six_digits
from journeys.captcha.field import EXPIRED
from journeys.captcha.views import GONE
from tests.builders import PASSWORD, make_clave, make_person
from tests.comparing import headers_of
from tests.ear import SOUND_BYTES as SIZE
from tests.ear import hear
from tests.racing import at_once
from tests.visitor import Visitor
from tests.walker import type_code

pytestmark = pytest.mark.django_db


@pytest.fixture
def marta() -> Person:
    person = make_person()
    make_clave(person.cuil)
    return person


def address(who: Visitor) -> str:
    """Where the page says that its code is spoken."""
    return str(who.page.xpath("//audio/@src")[0])


def listen(who: Visitor, to: str = "", **headers: str) -> HttpResponse:
    response: HttpResponse = who.client.get(to or address(who), headers=headers)
    return response


def enter(who: Visitor, person: Person, code: str) -> Visitor:
    who.fill("Número de CUIL", person.cuil).fill("Clave de Seguridad Social", PASSWORD)
    return who.fill("Código de la imagen", code).press("INGRESAR")


# --- What is heard ------------------------------------------------------------------------------------


def test_whoever_only_listens_logs_in(visitor: Visitor, marta: Person) -> None:
    visitor.open("/")
    assert enter(visitor, marta, hear(listen(visitor).content)).url == "/inicio/"


@pytest.mark.parametrize("page", ["/", "/usi-07/"])
def test_every_page_that_asks_for_the_code_can_be_heard(visitor: Visitor, page: str) -> None:
    visitor.open(page)
    stored = CaptchaStore.objects.get(hashkey=visitor.hidden("captcha_key")).response
    assert hear(listen(visitor).content) == stored
    assert visitor.page.xpath("//a[@data-captcha-listen]/@href") == [address(visitor)]


@pytest.mark.parametrize("digits", ["012345", "678900", "555555", "222222"])
def test_each_digit_is_heard_as_itself(digits: str) -> None:
    assert [hear(voice.speak(digits, str(number))) for number in range(3)] == [digits] * 3


def test_the_ear_of_these_tests_hears_nothing_where_nothing_is_said() -> None:
    assert hear(voice.speak("", "a")) == ""


def test_the_code_after_a_mistake_is_another_and_is_heard_too(visitor: Visitor, marta: Person) -> None:
    before = address(visitor.open("/"))
    code = hear(listen(visitor).content)
    enter(visitor, marta, code[::-1] if code != code[::-1] else "000000")
    assert address(visitor) != before
    assert enter(visitor, marta, hear(listen(visitor).content)).url == "/inicio/"


def test_hearing_it_uses_nothing_up(visitor: Visitor, marta: Person) -> None:
    visitor.open("/")
    assert len({listen(visitor).content for _ in range(5)}) == 1
    type_code(visitor)
    assert enter(visitor, marta, visitor.typed["captcha"]).url == "/inicio/"


# --- How long, and for whom ---------------------------------------------------------------------------


def test_used_old_and_unknown_codes_get_one_answer_that_says_what_to_do(visitor: Visitor) -> None:
    used = address(visitor.open("/"))
    type_code(visitor)
    visitor.press("INGRESAR")
    old = address(visitor.open("/"))
    CaptchaStore.objects.filter(hashkey=visitor.hidden("captcha_key")).update(expiration=timezone.now())
    unknown = [f"/captcha/audio/{key}/" for key in ("0" * 40, "x", "%00", "9" * 400)]
    answers = [listen(visitor, to) for to in (used, old, *unknown)]
    assert {(answer.status_code, answer.content.decode()) for answer in answers} == {(410, GONE)}
    assert len({headers_of(answer) for answer in answers}) == 1


@pytest.mark.parametrize(("seconds", "status"), [(299, 200), (301, 410)], ids=["before", "after"])
def test_it_is_heard_for_five_minutes(visitor: Visitor, seconds: int, status: int) -> None:
    start = timezone.now()
    with time_machine.travel(start, tick=False):
        visitor.open("/")
    with time_machine.travel(start + timedelta(seconds=seconds), tick=False):
        assert listen(visitor).status_code == status


def test_what_another_browser_hears_is_of_no_use_to_it(visitor: Visitor, marta: Person) -> None:
    """As with the picture: whoever has the address may look and listen, and cannot enter with it."""
    visitor.open("/")
    key, code = visitor.hidden("captcha_key"), hear(listen(Visitor(), address(visitor)).content)
    stranger = Visitor().open("/")
    stranger.typed["captcha_key"] = key
    assert enter(stranger, marta, code).errors() == [EXPIRED]
    assert enter(visitor, marta, code).url == "/inicio/"


def test_listening_leaves_no_session_and_no_cookie(visitor: Visitor) -> None:
    to = address(visitor.open("/"))
    other = Visitor()
    listen(other, to)
    assert not other.client.cookies


# --- What tells nothing -------------------------------------------------------------------------------


def test_neither_length_nor_headers_nor_address_depend_on_the_digits(visitor: Visitor) -> None:
    seen = set()
    for digits in ("111111", "222222", "555555", "012345", "098765"):
        to = address(visitor.open("/"))
        key = visitor.hidden("captcha_key")
        CaptchaStore.objects.filter(hashkey=key).update(challenge=digits, response=digits)
        answer = listen(visitor)
        assert hear(answer.content) == digits
        seen.add((len(answer.content), headers_of(answer), to.replace(key, "")))
    assert len(seen) == 1
    assert answer["Cache-Control"] == "no-store"
    assert answer["Content-Type"] == "audio/wav"
    assert "Content-Disposition" not in answer


def test_it_is_a_wav_file_of_eight_seconds_whatever_it_says() -> None:
    for number in range(50):
        sound = voice.speak(six_digits()[0], str(number))
        assert len(sound) == SIZE
    with wave.open(BytesIO(sound)) as file:
        assert file.getnframes() / file.getframerate() == voice.SECONDS
        assert (file.getnchannels(), file.getsampwidth()) == (1, 1)


@pytest.mark.parametrize("digit", "0123456789")
def test_six_of_the_longest_fit_with_their_pauses(digit: str) -> None:
    voice.speak(digit, "a")
    longest = max(map(len, voice._atlas[digit]))
    assert voice.TAIL + 6 * (voice.PAUSE + longest) <= voice.LENGTH


def test_nothing_of_a_recording_is_found_in_the_sound_byte_for_byte() -> None:
    sounds = [voice.speak(digits, key) for digits in ("012345", "456789") for key in "ab"]
    for digit in "0123456789":
        recorded = voice.recording(digit)
        pieces = [recorded[at : at + 12] for at in range(0, len(recorded) - 12, 12)]
        assert not [piece for piece in pieces for sound in sounds if piece in sound]


def test_the_same_key_sounds_the_same_and_its_noise_cannot_be_averaged_away() -> None:
    assert voice.speak("123456", "a") == voice.speak("123456", "a")
    assert voice.speak("123456", "a") != voice.speak("123456", "b")


def test_the_sound_cannot_be_foretold_from_its_key() -> None:
    before = voice.speak("123456", "a")
    with override_settings(PORTAL_DATA_KEY="the key of another deployment"):
        assert voice.speak("123456", "a") != before


def test_pauses_and_speed_differ_from_one_code_to_the_next() -> None:
    assert len({voice.speak("777777", str(number))[:20_000] for number in range(20)}) == 20


# --- The recordings -----------------------------------------------------------------------------------


def test_the_ten_recordings_are_small() -> None:
    files = sorted(voice.RECORDINGS.iterdir())
    assert [file.name for file in files] == [f"{digit}.wav" for digit in "0123456789"]
    assert sum(file.stat().st_size for file in files) < 64_000


def test_a_recording_of_another_kind_is_refused_with_its_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with wave.open(str(tmp_path / "7.wav"), "wb") as file:
        file.setparams((2, 2, 44100, 0, "NONE", ""))
        file.writeframes(bytes(400))
    monkeypatch.setattr(voice, "RECORDINGS", tmp_path)
    with pytest.raises(ValueError, match=r"7\.wav"):
        voice.recording("7")


@contextmanager
def nothing_made_yet() -> Iterator[None]:
    made = dict(voice._atlas)
    voice._atlas.clear()
    yield
    voice._atlas.update(made)


def test_the_first_ones_may_be_spoken_by_several_threads() -> None:
    with nothing_made_yet():
        sounds = at_once(*[lambda: voice.speak("123456", "a")] * 4)
    assert sounds == [voice.speak("123456", "a")] * 4


# --- Parts of it: Safari asks for them before it plays anything -----------------------------------------


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [
        ("bytes=0-1", 0, 1),
        ("bytes=0-", 0, SIZE - 1),
        ("bytes=44-99", 44, 99),
        ("bytes=88000-999999999", 88_000, SIZE - 1),
        ("bytes=-100", SIZE - 100, SIZE - 1),
        ("bytes=-999999999", 0, SIZE - 1),
    ],
)
def test_a_part_is_given_as_it_was_asked_for(visitor: Visitor, asked: str, first: int, last: int) -> None:
    whole = listen(visitor.open("/"))
    part = listen(visitor, Range=asked)
    assert (whole.status_code, whole["Accept-Ranges"]) == (200, "bytes")
    assert (part.status_code, part["Content-Range"]) == (206, f"bytes {first}-{last}/{SIZE}")
    assert part.content == whole.content[first : last + 1]
    assert (part["Content-Length"], part["Cache-Control"]) == (str(last - first + 1), "no-store")


@pytest.mark.parametrize("asked", ["bytes=88244-", "bytes=90000-90001", "bytes=-0"])
def test_a_part_beyond_the_end_is_refused(visitor: Visitor, asked: str) -> None:
    answer = listen(visitor.open("/"), Range=asked)
    assert (answer.status_code, answer["Content-Range"], answer.content) == (416, f"bytes */{SIZE}", b"")


@pytest.mark.parametrize(
    "asked",
    ["", "bytes=", "bytes=-", "bytes=5-2", "bytes=0-1,5-9", "items=0-1", "bytes=a-b", f"bytes={'9' * 5000}-"],
)
def test_what_is_no_part_gets_the_whole(visitor: Visitor, asked: str) -> None:
    answer = listen(visitor.open("/"), Range=asked)
    assert (answer.status_code, len(answer.content)) == (200, SIZE)


def test_a_part_of_what_the_browser_may_have_kept_is_answered_with_the_whole(visitor: Visitor) -> None:
    answer = listen(visitor.open("/"), **{"Range": "bytes=0-1", "If-Range": '"x"'})
    assert (answer.status_code, len(answer.content)) == (200, SIZE)


def test_to_be_asked_for_its_size_it_need_not_be_sent(visitor: Visitor) -> None:
    answer = visitor.client.head(address(visitor.open("/")))
    assert (answer.status_code, answer["Content-Length"], answer.content) == (200, str(SIZE), b"")
    assert visitor.client.post(address(visitor)).status_code == 403
