"""Spellings: the same place written by a register, by a person, and by somebody in a hurry."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from offices.places import digits_of, place_of, province_of
from offices.provinces import PROVINCES, province_called

LETTERS = sorted(PROVINCES)


def test_there_are_23_provinces_and_the_city_each_with_its_iso_letter() -> None:
    assert "".join(LETTERS) == "ABCDEFGHJKLMNPQRSTUVWXYZ"
    assert len(set(PROVINCES.values())) == 24


@pytest.mark.parametrize("letter", LETTERS)
def test_a_province_is_known_by_its_name_however_it_is_written(letter: str) -> None:
    name = PROVINCES[letter]
    for written in (name, name.upper(), f" {name.lower()} ", f"Provincia de {name}", f"pcia. de {name}"):
        assert province_called(written) == letter


@pytest.mark.parametrize(
    ("written", "letter"),
    [
        ("CABA", "C"), ("C.A.B.A.", "C"), ("capital federal", "C"), ("Ciudad de Buenos Aires", "C"),
        ("Bs. As.", "B"), ("tucuman", "T"), ("provincia del Chaco", "H"), ("Olavarría", None), ("", None),
    ],
)  # fmt: skip
def test_other_names_of_provinces(written: str, letter: str | None) -> None:
    assert province_called(written) == letter


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("José B. Casas", "JOSE B CASAS"), ("Juan A. Pradere", "juan a.pradere"),
        ("Gral. Acha", "General Acha"), ("Cnel. Suárez", "CORONEL SUAREZ"), ("Sta. Rosa", "Santa Rosa"),
        ("Nueve de Julio", "9 de Julio"), ("San Martín  de los Andes", "san martin de los andes"),
    ],
)  # fmt: skip
def test_two_spellings_are_one_place(one: str, other: str) -> None:
    assert place_of(one) == place_of(other) != ""


@pytest.mark.parametrize(
    ("one", "other"), [("Stroeder", "Emilio Lamarca"), ("Merlo", "Villa de Merlo"), ("Bernal", "Gral Bernal")]
)
def test_two_places_are_not_one(one: str, other: str) -> None:
    assert place_of(one) != place_of(other)


@pytest.mark.parametrize(
    ("code", "digits", "letter"),
    [
        ("8504", "8504", None), ("B8504XAA", "8504", "B"), ("b8504xaa", "8504", "B"),
        ("B8504", "8504", "B"), ("B 8504 XAA", "8504", None), ("0850", "", None), ("85041", "", None),
        ("I8504XAA", "", None), ("8504XAA", "", None), ("", "", None),
    ],
)  # fmt: skip
def test_of_a_postal_code_the_four_digits_count(code: str, digits: str, letter: str | None) -> None:
    assert (digits_of(code), province_of(code)) == (digits, letter)


@given(st.text())
def test_no_text_is_too_odd_to_be_compared(text: str) -> None:
    assert len(digits_of(text)) in {0, 4}
    assert place_of(text) == place_of(f" {text} ")
    assert province_called(text) in {None, *PROVINCES}
