"""What the register tells before anything is proved, and of whom it tells nothing."""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from identity.models import Curatela, Person
from identity.register import masked, person_who_may_hold_a_key
from identity.tramite import InvalidTramite, parse_tramite, tramite_hash
from tests.builders import make_cuil, make_person

LETTERS = st.characters(max_codepoint=0x17F, categories=("Lu", "Ll"), include_characters=" '-")
NAMES = st.text(LETTERS, min_size=1).filter(str.strip)


@given(surname=NAMES, given_names=NAMES, number=st.from_regex(r"[0-9A-Z]{1,20}", fullmatch=True))
def test_the_mask_never_shows_four_characters_in_a_row_of_name_or_document(
    surname: str, given_names: str, number: str
) -> None:
    person = Person(
        cuil="27301112225",
        surname=surname,
        given_names=given_names,
        document_type="DU",
        document_number=number,
        birth_date=date(1983, 5, 17),
    )
    shown = masked(person)
    for secret in (*surname.split(), *given_names.split()):
        assert not any(secret[i : i + 2] in shown.names for i in range(len(secret) - 1))
    assert not any(number[i : i + 4] in shown.document_number for i in range(len(number) - 3))
    assert shown.birth_year == "1983"


@pytest.mark.django_db
class TestWhoMayHoldAKey:
    def test_a_person_of_the_register_may(self) -> None:
        marta = make_person()
        assert person_who_may_hold_a_key(marta.cuil) == marta

    def test_an_unknown_cuil_may_not(self) -> None:
        assert person_who_may_hold_a_key(make_cuil(33999888)) is None

    def test_a_deceased_person_may_not(self) -> None:
        assert person_who_may_hold_a_key(make_person(death_date=date(2020, 1, 1)).cuil) is None

    @pytest.mark.parametrize(
        ("since", "until", "may"),
        [(0, None, False), (-1, 0, False), (1, None, True), (-9, -1, True)],
        ids=["from today", "until today", "from tomorrow", "until yesterday"],
    )
    def test_a_curatela_counts_from_its_first_day_to_its_last(
        self, since: int, until: int | None, may: bool
    ) -> None:
        curado, curador = make_person(), make_person(22111222)
        today = timezone.localdate()
        Curatela.objects.create(
            curado=curado,
            curador=curador,
            since=today + timedelta(days=since),
            until=None if until is None else today + timedelta(days=until),
            court_file="12/2020",
        )
        assert (person_who_may_hold_a_key(curado.cuil) is not None) is may
        assert person_who_may_hold_a_key(curador.cuil) is not None

    def test_the_answer_costs_the_same_two_queries_for_everybody(self, django_assert_num_queries) -> None:
        for cuil in (
            make_person().cuil,
            make_cuil(33999888),
            make_person(20111222, death_date=date.min).cuil,
        ):
            with django_assert_num_queries(2):
                person_who_may_hold_a_key(cuil)


@given(st.text(max_size=40))
def test_whatever_is_typed_is_eleven_digits_or_a_sentence(text: str) -> None:
    try:
        digits = parse_tramite(text)
    except InvalidTramite as error:
        digits = "0" * 11 if str(error) else ""
    assert len(digits) == 11
    assert digits.isascii()
    assert digits.isdigit()


def test_equal_tramites_of_two_persons_leave_different_hashes() -> None:
    assert tramite_hash("27301112225", "00123456789") != tramite_hash("27289991114", "00123456789")
