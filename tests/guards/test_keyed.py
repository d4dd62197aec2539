"""Keyed hashes: unrelated between purposes, deployments and parts."""

import re
from itertools import pairwise

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from guards.keyed import keyed_hash, keyed_numbers

parts = st.lists(st.text(max_size=6) | st.integers(), max_size=4)


def test_a_hash_is_64_hex_digits_and_always_the_same() -> None:
    assert re.fullmatch("[0-9a-f]{64}", keyed_hash("limit", "27301112226"))
    assert keyed_hash("limit", "27301112226") == keyed_hash("limit", "27301112226")


def test_equal_parts_have_unrelated_hashes_under_different_purposes() -> None:
    purposes = ["limit", "tramite", "decoy", "order", "audit", "captcha", "limit/a", ""]
    assert len({keyed_hash(purpose, "27301112226") for purpose in purposes}) == len(purposes)


def test_another_deployment_computes_other_hashes() -> None:
    here = keyed_hash("tramite", "27301112226", "00123456789")
    with override_settings(PORTAL_DATA_KEY="the key of another deployment, also long enough"):
        assert keyed_hash("tramite", "27301112226", "00123456789") != here


def test_a_change_of_the_secret_key_of_django_leaves_the_hashes_alone() -> None:
    here = keyed_hash("audit", "x")
    with override_settings(SECRET_KEY="a new one"):
        assert keyed_hash("audit", "x") == here


@pytest.mark.parametrize(
    ("some", "others"),
    [
        (("ab", "c"), ("a", "bc")),
        (("ab",), ("a", "b")),
        (("a", ""), ("a",)),
        ((), ("",)),
        (("a\0b",), ("a", "b")),
        (("a\0", "b"), ("a", "\0b")),
        (("1:a", "b"), ("1", "a1:b")),
    ],
)
def test_parts_cannot_be_confused(some: tuple[str, ...], others: tuple[str, ...]) -> None:
    assert keyed_hash("limit", *some) != keyed_hash("limit", *others)


@given(some=parts, others=parts)
def test_hashes_are_equal_only_where_the_parts_are(some: list[object], others: list[object]) -> None:
    same = list(map(str, some)) == list(map(str, others))
    assert (keyed_hash("limit", *some) == keyed_hash("limit", *others)) is same


def test_the_part_and_the_purpose_cannot_trade_places() -> None:
    assert keyed_hash("a", "b") != keyed_hash("b", "a")
    assert keyed_hash("a/b", "c") != keyed_hash("a", "b", "c")


@given(below=st.integers(1, 10**6), part=st.text(max_size=5), count=st.integers(0, 20))
def test_numbers_are_fixed_by_their_parts_and_below_their_bound(below: int, part: str, count: int) -> None:
    numbers = keyed_numbers("decoy", part, below=below, count=count)
    assert len(numbers) == count
    assert all(0 <= number < below for number in numbers)
    assert numbers == keyed_numbers("decoy", part, below=below, count=20)[:count]


def test_numbers_are_spread_evenly_and_do_not_follow_from_each_other() -> None:
    drawn = keyed_numbers("decoy", "x", below=5, count=5000)
    assert all(900 < drawn.count(value) < 1100 for value in range(5))  # 1000 ± 3.5 sigma
    following = [pair for pair in pairwise(drawn) if pair[0] == pair[1]]
    assert 900 < len(following) < 1100


def test_numbers_of_other_parts_and_purposes_are_others() -> None:
    here = keyed_numbers("decoy", "a", below=2**60, count=8)
    for purpose, part in (("decoy", "b"), ("order", "a")):
        assert set(here).isdisjoint(keyed_numbers(purpose, part, below=2**60, count=8))
