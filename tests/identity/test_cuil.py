"""The CUIL as people write it: what is understood, and what is refused with which words."""

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.cuil import PREFIXES, Cuil, InvalidCuil

WEIGHTS = (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)


def with_check_digit(body: str) -> str | None:
    """The eleven digits; None where the arithmetic asks for a digit 10."""
    rest = -sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11
    return None if rest == 10 else f"{body}{rest}"


CUILS = st.builds(
    lambda prefix, number: with_check_digit(f"{prefix}{number:08d}"),
    st.sampled_from(sorted(PREFIXES)),
    st.integers(0, 99_999_999),
).filter(bool)


@pytest.mark.parametrize(
    "typed",
    ["20123456786", "20-12345678-6", "20 12345678 6", " 20.12345678.6 ", "20–12345678–6",
     "２０１２３４５６７８６", "20\u00a012345678\u00a06", "20/12345678/6", "2 0 1 2 3 4 5 6 7 8 6"],
)  # fmt: skip
def test_it_is_read_the_way_people_write_it(typed: str) -> None:
    assert Cuil.parse(typed) == "20123456786"


@given(CUILS)
def test_every_person_s_prefix_is_known(digits: str) -> None:
    assert Cuil.parse(digits) == digits


@given(CUILS)
def test_it_reads_back_what_it_prints(digits: str) -> None:
    cuil = Cuil.parse(digits)
    assert Cuil.parse(cuil.formatted) == cuil
    assert cuil.formatted.replace("-", "") == digits


@given(CUILS, st.integers(0, 10), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(digits: str, place: int, by: int) -> None:
    wrong = str((int(digits[place]) + by) % 10)
    changed = digits[:place] + wrong + digits[place + 1 :]
    if with_check_digit(changed[:10]) is not None:  # the 9 given in place of a 10 is ambiguous
        with pytest.raises(InvalidCuil):
            Cuil.parse(changed)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Ingresá tu número de CUIL"),
        (" - ", "Ingresá tu número de CUIL"),
        ("20-1234567-6", "El CUIL tiene que tener 11 números. Escribiste 10."),
        ("201234567866", "El CUIL tiene que tener 11 números. Escribiste 12."),
        ("2O123456786", "El CUIL lleva sólo números"),
        ("20123456785", "El CUIL no es correcto. Revisá que los números estén bien copiados."),
        ("30123456786", "El CUIL no es correcto. Revisá que los números estén bien copiados."),
    ],
)
def test_what_cannot_be_read_is_answered_with_what_to_do(typed: str, sentence: str) -> None:
    with pytest.raises(InvalidCuil) as refused:
        Cuil.parse(typed)
    assert str(refused.value) == sentence


@given(st.text(max_size=40))
def test_whatever_is_typed_gives_eleven_digits_or_a_refusal(typed: str) -> None:
    with suppress(InvalidCuil):
        assert re.fullmatch("[0-9]{11}", Cuil.parse(typed))
