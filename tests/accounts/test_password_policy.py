"""The rules for a key, each alone and all together."""

import json
from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import override_settings
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from accounts.password_policy import PORTAL_WORDS, RULES, About, Common, Personal, broken_rules
from journeys.forms import about
from tests.builders import PASSWORD, make_person

# The browser's rules are bound to the same file.
VECTORS = json.loads((Path(__file__).parents[1] / "password_vectors.json").read_text(encoding="utf-8"))
SEVEN = tuple(rule for rule in RULES if rule.name not in {"personal", "common"})
MARTA = About(
    names=("PERALTA", "MARTA INÉS"),
    document="30111222",
    cuil="27301112225",
    birth_date=date(1983, 5, 17),
)


@pytest.mark.parametrize("vector", VECTORS, ids=lambda v: ascii(v["password"]))
def test_every_vector_breaks_exactly_the_rules_it_names(vector: dict[str, object]) -> None:
    assert list(broken_rules(str(vector["password"]), rules=SEVEN)) == vector["broken"]


def test_the_vectors_know_every_rule_alone_and_no_other_rule() -> None:
    alone = {vector["broken"][0] for vector in VECTORS if len(vector["broken"]) == 1}
    assert alone == {rule.name for rule in SEVEN}
    assert {name for vector in VECTORS for name in vector["broken"]} == alone
    assert len(VECTORS) >= 60


@pytest.mark.parametrize(
    "typed", ["Kt7mzq4w\n", "Kt7m\nzq4w", "Kt7mzq4w\r\n", "Kt7mzq4w\x1c", "Kt7mzq4w\x85"]
)
def test_a_line_s_end_is_a_special_character_too(typed: str) -> None:
    assert list(broken_rules(typed, rules=SEVEN)) == ["alphabet"]


def test_an_empty_key_lacks_everything_it_could_lack() -> None:
    assert list(broken_rules("")) == ["length", "letters", "uppercase"]


@pytest.mark.parametrize(
    ("typed", "rule", "sentence"),
    [
        ("Kt7mzq4", "length", "La clave tiene que tener entre 8 y 15 caracteres. La tuya tiene 7."),
        ("Ktpmzqhw", "letters", "Agregá al menos un número"),
        ("48159260", "letters", "Agregá al menos una letra"),
        ("kt7mzq4w", "uppercase", "Agregá al menos una letra mayúscula"),
        (
            "Kt7mñq4w",
            "alphabet",
            "Sacá los caracteres especiales: usá sólo letras sin acento y números",
        ),
        ("AAkt7mzq", "repeats", "La clave tiene caracteres repetidos (AA)"),
        ("Kt7mzqw1234", "series", "La clave tiene una serie (123)"),
        ("Kt58MiAnses7", "words", "No uses en la clave palabras de este portal, como «anses»"),
        ("Peralta58k", "personal", "No uses tu nombre ni tu apellido en la clave"),
        (
            "Kt1983mz",
            "personal",
            "No uses tu documento, tu CUIL ni tu fecha de nacimiento en la clave",
        ),
        ("Trustno1", "common", "Esa clave la usa mucha gente y es fácil de adivinar. Elegí otra."),
    ],
)
def test_each_broken_rule_says_what_to_do(typed: str, rule: str, sentence: str) -> None:
    assert broken_rules(typed, MARTA)[rule] == sentence


def test_the_rules_come_in_one_order_and_each_once() -> None:
    assert [rule.name for rule in RULES] == [
        "length", "letters", "uppercase", "alphabet", "repeats", "series", "words", "personal",
        "common",
    ]  # fmt: skip


# --- Repeats, the stricter way ----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "refused"),
    [("Kt7mzq4w", False), ("Kt7mzq7w", True), ("Kt7mzqKw", True), ("Kt7mzqkw", False), ("KKt7mzqw", True)],
)
def test_with_the_setting_no_character_may_come_twice_anywhere(
    settings: LazySettings, typed: str, refused: bool
) -> None:
    settings.PORTAL_REPEATS = "anywhere"
    assert ("repeats" in broken_rules(typed)) is refused


@given(st.text(max_size=20))
def test_anywhere_means_as_many_different_characters_as_there_are(typed: str) -> None:
    with override_settings(PORTAL_REPEATS="anywhere"):
        assert ("repeats" in broken_rules(typed)) is (len(set(typed)) < len(typed))


# --- Nothing of the person --------------------------------------------------------------------------


def personal(typed: str, about: About = MARTA) -> bool:
    return bool(broken_rules(typed, about, [Personal()]))


@pytest.mark.parametrize(
    "typed",
    ["Peralta58k", "58PERALTA", "kpeRALtaz7", "Marta58k", "7Ines58k", "Kines58m", "7Inés58k", "PERÁLTA7"],
)
def test_a_name_in_the_key_is_refused_in_any_case_and_with_or_without_accents(typed: str) -> None:
    assert personal(typed)


@pytest.mark.parametrize("typed", ["Girasol58k", "Peralt58k", "Mart4Inz", "Matra58k", "atlareP7"])
def test_what_is_not_a_name_is_none(typed: str) -> None:
    assert not personal(typed)


@pytest.mark.parametrize(
    ("name", "typed", "refused"),
    [
        ("ANA", "7Ana58kt", True),
        ("ANA", "Ana7kqtz", True),
        ("ANA", "Banana7kt", False),  # three letters are a name only when they stand alone
        ("ANA", "7Anakqtz", False),
        ("LI", "7Li58kqt", False),
        ("DE LA CRUZ", "Cruz58kt", True),
        ("DE LA CRUZ", "7de58laKt", False),
        ("ÑÁÑEZ", "Nanez58k", True),
        ("GÜIRALDES", "Guiraldes7", True),
        ("O'HIGGINS", "Higgins7k", True),
        ("SAN-MARTÍN", "Martin7kt", True),
        ("SAN-MARTÍN", "7San58kt", True),
        ("STRAẞER", "Strasser7", True),
        ("", "Girasol58k", False),
    ],
)
def test_names_of_every_spelling(name: str, typed: str, refused: bool) -> None:
    assert personal(typed, About(names=(name,))) is refused


@pytest.mark.parametrize(
    "number",
    ["30111222", "27301112225", "17051983", "170583", "19830517", "05171983", "1983"],
    ids=["document", "CUIL", "ddmmyyyy", "ddmmyy", "yyyymmdd", "mmddyyyy", "yyyy"],
)
@pytest.mark.parametrize("around", ["{}", "K{}", "{}K", "Kt{}m"])
def test_a_number_of_the_person_is_refused_wherever_it_stands(number: str, around: str) -> None:
    assert personal(around.format(number))


@pytest.mark.parametrize("number", ["3011122", "0111222", "198", "1784", "1705", "2730111", "1984"])
def test_other_numbers_are_free(number: str) -> None:
    assert not personal(f"Kt{number}m")


def test_a_document_with_leading_zeros_is_refused_without_them_too() -> None:
    old = About(document="05123467")
    assert personal("K5123467m", old)
    assert personal("K05123467m", old)


@pytest.mark.parametrize("empty", [About(), About(names=("", "  ")), About(document="0")])
def test_where_nothing_is_known_of_the_person_nothing_is_refused(empty: About) -> None:
    assert not personal("Kt0mzq4w", empty)


@pytest.mark.django_db
def test_the_form_knows_of_the_person_what_the_register_knows() -> None:
    marta = make_person()
    assert about(marta) == About(
        names=("PERALTA", "MARTA INÉS"),
        document="30111222",
        cuil=marta.cuil,
        birth_date=date(1983, 5, 17),
    )


# --- Common keys ------------------------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["trustno1", "Trustno1", "TRUSTNO1"])
def test_a_common_key_is_refused_in_any_case(typed: str) -> None:
    assert "common" in broken_rules(typed)


def test_some_keys_that_keep_every_other_rule_are_refused_as_common_alone() -> None:
    fit = [word.capitalize() for word in Common._listed.passwords]
    assert [word for word in fit if list(broken_rules(word)) == ["common"]]


def test_the_key_of_the_tests_is_a_good_one() -> None:
    assert broken_rules(PASSWORD, MARTA) == {}


# --- Any text ---------------------------------------------------------------------------------------

DIGITS, LOWER = "0123456789", "abcdefghijklmnopqrstuvwxyz"
# Pieces of series and repeats, so that the edges come up often.
PIECES = st.sampled_from(
    ["123", "987", "abcd", "DCBA", "xyZ", "aa", "11", "B", "k", "7", "09", "wx", "q", "Clave", "ANSES", "ans"]
)


def is_series(piece: str, row: str) -> bool:
    return piece in row or piece in row[::-1]


def keeps_the_rules(key: str) -> bool:
    """The seven rules in other words."""
    lower = key.lower()
    return (
        8 <= len(key) <= 15
        and any(c in DIGITS for c in key)
        and any(c in LOWER.upper() for c in key)
        and all(c in DIGITS + LOWER for c in lower)
        and all(a != b for a, b in pairwise(key))
        and not any(is_series(lower[i : i + 3], DIGITS) for i in range(len(key) - 2))
        and not any(is_series(lower[i : i + 4], LOWER) for i in range(len(key) - 3))
        and all(len(lower.split(word)) == 1 for word in PORTAL_WORDS)
    )


@given(
    st.text(alphabet=DIGITS + LOWER + LOWER.upper(), min_size=6, max_size=17)
    | st.lists(PIECES, min_size=2, max_size=6).map("".join)
)
@hypothesis_settings(max_examples=600, deadline=None)
def test_the_rules_accept_exactly_what_their_other_wording_accepts(key: str) -> None:
    assert (broken_rules(key, rules=SEVEN) == {}) is keeps_the_rules(key)


@given(
    typed=st.text(st.characters(codec=None), max_size=40),
    names=st.lists(st.text(max_size=12), max_size=3),
    document=st.text(max_size=9),
    birth=st.none() | st.dates(),
)
@hypothesis_settings(max_examples=300, deadline=None)
def test_no_text_of_any_kind_breaks_the_rules_themselves(
    typed: str, names: list[str], document: str, birth: date | None
) -> None:
    person = About(names=tuple(names), document=document, cuil="27301112225", birth_date=birth)
    for message in broken_rules(typed, person).values():
        assert message
        assert len(typed) < 8 or typed not in message


@given(st.text(max_size=30))
def test_a_key_is_judged_as_it_was_typed_and_the_same_way_twice(typed: str) -> None:
    assert broken_rules(typed) == broken_rules(typed)
    if typed != typed.strip():
        assert "alphabet" in broken_rules(typed)


def test_a_long_text_is_judged_at_once() -> None:
    with override_settings(PORTAL_REPEATS="anywhere"):
        assert "length" in broken_rules("Ab1" * 85)
