"""What goes into the log names nobody, whoever wrote it and however it is written."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guards.scrubbing import in_one_line, scrubbed
from identity.cuil import Cuil, InvalidCuil
from tests.builders import make_cuil

# Eleven digits, with a mark at most between any two of them: no rule of the scrubber.
ELEVEN = re.compile(r"(?=((?:\d[-–./ ]?){10}\d))")
MAIL = re.compile(r"[\w.+-]+@\w")


def is_a_cuil(text: str) -> bool:
    try:
        Cuil.parse(text)
    except InvalidCuil:
        return False
    return True


def cuils_in(text: str) -> list[str]:
    return [found for found in ELEVEN.findall(text) if is_a_cuil(re.sub(r"\D", "", found))]


@st.composite
def written_cuils(draw: st.DrawFn) -> str:
    cuil = make_cuil(draw(st.integers(3_000_000, 99_999_999)))
    document = draw(
        st.sampled_from(
            [cuil[2:10], f"{cuil[2:4]}.{cuil[4:7]}.{cuil[7:10]}", f"{cuil[2:4]} {cuil[4:7]} {cuil[7:10]}"]
        )
    )
    before, after = draw(st.tuples(*[st.sampled_from(["", "-", " ", "/", ".", "–"])] * 2))
    return f"{cuil[:2]}{before}{document}{after}{cuil[10]}"


mails = st.from_regex(r"[a-z][a-z0-9.+-]{0,20}@[a-z]{1,10}\.(com|gob)\.ar", fullmatch=True)
surroundings = st.text(max_size=20)


@given(surroundings, st.lists(st.tuples(written_cuils() | mails, surroundings), max_size=4))
def test_what_is_let_through_holds_no_cuil_and_no_address_of_mail(
    start: str, parts: list[tuple[str, str]]
) -> None:
    through = scrubbed(start + "".join(part + rest for part, rest in parts))
    assert cuils_in(through) == []
    assert not MAIL.search(through)


def test_the_search_for_cuils_finds_one_where_there_is_one() -> None:
    assert cuils_in("de 27-30.111.222-5 a las 10") == ["27-30.111.222-5"]
    assert cuils_in("de 27-30.111.222-4 a las 10") == []


@pytest.mark.parametrize(
    ("line", "written"),
    [
        ("Key (cuil)=(27301112225) already exists", "Key (cuil)=(27-********-5) already exists"),
        ("de 27-30111222-5 a las 10", "de 27-********-5 a las 10"),
        ("de 27-30.111.222-5 a las 10", "de 27-********-5 a las 10"),
        ("DNI 30.111.222, trámite 00735190482", "DNI ********, trámite 00-********-2"),
        ("DNI 5111222 y 30111222", "DNI ******** y ********"),
        ("a marta.perez+clave@ejemplo.com.ar, por fin", "a …@…, por fin"),
        ("a marta.perez19530812@ejemplo.com.ar, por fin", "a …@…, por fin"),
        ("a 20301112226@ejemplo.com.ar, por fin", "a …@…, por fin"),
        ("a marta@a30111222.com.ar, por fin", "a …@…, por fin"),
        ("de a@a.com.ar+b@b.com.ar'c@c.com.ar a", "de …@… a"),
        ("/no-fui-yo/WzEsMl0:1tYpQx:kQmPZ8b-Xx0/ y /ayuda/", "/no-fui-yo/…/ y /ayuda/"),
        ("GET /constancia/?codigo=K7QM3D9X2HVRA4TN", "GET /constancia/?…"),
    ],
)
def test_what_might_name_somebody_or_open_something_is_blotted_out(line: str, written: str) -> None:
    assert scrubbed(line) == written


@pytest.mark.parametrize(
    "line",
    [
        "key number 123456 did not expire: OperationalError",
        "2026-11-25 10:08:01,123 desde 200.45.100.102",
        "¿Está bien? Sí.",
        'File "/srv/clave/journeys/pages/creating.py", line 120, in post',
        "/crear/preguntas/",
    ],
)
def test_what_names_nobody_is_left_as_it_is(line: str) -> None:
    assert scrubbed(line) == line


@given(st.text())
def test_nothing_that_is_written_begins_a_second_line(text: str) -> None:
    assert len(in_one_line(text).splitlines()) <= 1
