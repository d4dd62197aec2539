"""The number of a form: random, typed as people type, with one character that checks the others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts.form_number import ALPHABET, InvalidFormNumber, grouped, new_form_number, parse_form_number

characters = st.sampled_from(ALPHABET)


def is_one(number: str) -> bool:
    try:
        return parse_form_number(number) == number
    except InvalidFormNumber:
        return False


def test_a_new_number_is_one_and_no_two_are_the_same() -> None:
    numbers = {new_form_number() for _ in range(2000)}
    assert len(numbers) == 2000
    assert all(map(is_one, numbers))


@given(place=st.integers(0, 12), other=characters)
def test_one_wrong_character_is_noticed(place: int, other: str) -> None:
    number = new_form_number()
    wrong = number[:place] + other + number[place + 1 :]
    assert is_one(wrong) is (wrong == number)


@given(place=st.integers(0, 11))
def test_two_neighbours_swapped_are_noticed(place: int) -> None:
    number = new_form_number()
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    ends = {number[place], number[place + 1]} == {ALPHABET[0], ALPHABET[-1]}
    assert is_one(swapped) is (swapped == number or ends), "Luhn cannot tell 0Z from Z0"


def test_it_is_read_as_people_write_it() -> None:
    number = new_form_number()
    assert parse_form_number(f" {grouped(number).lower()} ") == number
    assert parse_form_number(" ".join(number)) == number


def test_letters_that_look_like_numbers_are_read_as_what_they_look_like() -> None:
    number = next(n for n in iter(new_form_number, "") if {"0", "1", "V"} <= set(n))
    assert parse_form_number(number.replace("0", "O").replace("1", "l").replace("V", "u")) == number


@pytest.mark.parametrize(
    ("typed", "told"),
    [("", "Ingresá"), ("K7QM", "Escribiste 4"), ("K" * 14, "Escribiste 14"), ("Ñ" * 13, "Revisá")],
)
def test_what_cannot_be_a_number_says_what_to_look_at(typed: str, told: str) -> None:
    with pytest.raises(InvalidFormNumber, match=told):
        parse_form_number(typed)
