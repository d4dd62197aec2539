"""The CUIL that a document most likely has: the rules, and that they ask no record."""

import re
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.cuil import Cuil
from identity.probable import F, InvalidDocument, M, X, parse_document, probable_cuils
from tests.identity.test_cuil import with_check_digit

documents = st.integers(100_000, 99_999_999).map(str)
sexes = st.sampled_from([F, M, X])


@pytest.mark.parametrize(
    ("document", "sex", "cuil"),
    [
        ("12345678", M, "20123456786"),  # the guide's own example
        ("23606341", F, "27236063416"),  # of the manual's screen
        ("30000013", F, "23300000134"),  # 27 would ask for a digit 10: 23, and 4
        ("30000002", M, "23300000029"),  # 20 would: 23, and 9
        ("4123456", M, "20041234564"),  # seven digits: a zero in front
        ("512345", F, "27005123459"),
    ],
)
def test_the_usual_prefix_or_23_where_it_leaves_no_check_digit(document: str, sex: str, cuil: str) -> None:
    assert probable_cuils(document, sex).first == cuil


@given(documents, sexes)
def test_whatever_it_answers_is_a_cuil_of_that_document(document: str, sex: str) -> None:
    probable = probable_cuils(document, sex)
    for cuil in filter(None, (probable.first, *probable.others)):
        assert Cuil.parse(cuil) == cuil
        assert cuil[2:10] == document.zfill(8)
        assert with_check_digit(cuil[:10]) == cuil  # no 9 in place of a 10


@given(documents)
def test_the_prefix_tells_f_from_m_and_nothing_is_foretold_for_x(document: str) -> None:
    woman, man, either = (probable_cuils(document, sex) for sex in (F, M, X))
    assert woman.first
    assert man.first
    assert woman.first[:2] + man.first[:2] in {"2720", "2320", "2723"}
    assert either.first is None
    assert set(either.others) == {woman.first, *woman.others} == {man.first, *man.others}
    assert 3 <= len(either.others) <= 4


@pytest.mark.parametrize(
    "typed", ["30111222", "30.111.222", " 30 111 222 ", "３０１１１２２２", "30-111-222"]
)
def test_a_document_is_read_the_way_people_write_it(typed: str) -> None:
    assert parse_document(typed) == "30111222"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("", "Ingresá tu número de documento"),
        (" . ", "Ingresá tu número de documento"),
        ("M4123456", "El número de documento lleva sólo números"),
        ("30.111.22a", "El número de documento lleva sólo números"),
        ("12345", "Al número de documento le faltan números. Escribiste 5."),
        ("20301112220", "El número de documento tiene hasta 8 números. Escribiste 11."),
    ],
)
def test_what_cannot_be_a_document_is_answered_with_what_to_do(typed: str, sentence: str) -> None:
    with pytest.raises(InvalidDocument) as refused:
        parse_document(typed)
    assert str(refused.value) == sentence


@given(st.text(max_size=40))
def test_whatever_is_typed_gives_digits_or_a_refusal(typed: str) -> None:
    with suppress(InvalidDocument):
        assert re.fullmatch("[0-9]{6,8}", parse_document(typed))
