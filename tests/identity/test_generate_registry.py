"""The synthetic register: as large as wanted, the same for the same seed, and believable."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path

import numpy as np
import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from identity.cuil import Cuil
from identity.importer.run import import_folder
from identity.kinds import KINDS
from identity.models import Person
from identity.synthetic.files import COLUMNS, write_files
from identity.synthetic.places import LOCALITIES
from identity.synthetic.population import cuils, document_numbers
from offices.provinces import PROVINCES

PEOPLE = 12_000  # more than one block


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path: Path = tmp_path_factory.mktemp("registry")
    write_files(path, people=PEOPLE, seed=7)
    return path


def rows(folder: Path, name: str) -> list[dict[str, str]]:
    with (folder / name).open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_the_same_seed_gives_the_same_bytes_and_another_seed_other_people(
    folder: Path, tmp_path: Path
) -> None:
    write_files(tmp_path / "same", people=PEOPLE, seed=7)
    write_files(tmp_path / "other", people=PEOPLE, seed=8)
    for name in COLUMNS:
        assert (tmp_path / "same" / name).read_bytes() == (folder / name).read_bytes()
        assert (tmp_path / "other" / name).read_bytes() != (folder / name).read_bytes()


@pytest.mark.django_db
def test_every_row_of_it_is_taken_by_the_import(folder: Path) -> None:
    report = import_folder(folder)
    assert [file.rejected for file in report.files] == [0, 0, 0, 0, 0]
    assert Person.objects.count() == PEOPLE


def test_it_is_as_the_country_is(folder: Path) -> None:
    people = rows(folder, "people.csv")
    share = {
        "women": sum(p["sex"] == "F" for p in people),
        "abroad": sum(p["country"] != "AR" for p in people),
        "dead": sum(bool(p["death_date"]) for p in people),
        "without trámite": sum(not p["tramite"] for p in people),
    }
    assert {name: round(count / PEOPLE, 1) for name, count in share.items()} == {
        "women": 0.5, "abroad": 0.0, "dead": 0.0, "without trámite": 0.1,
    }  # fmt: skip
    assert 0.01 < share["abroad"] / PEOPLE < 0.03
    assert 0.015 < share["dead"] / PEOPLE < 0.045
    assert {p["province"] for p in people if p["country"] == "AR"} == set(PROVINCES)
    assert {p["document_type"] for p in people} == {"DU", "LE", "LC", "CI", "PAS"}
    assert {p["sex"] for p in people} == {"F", "M", "X"}


def test_prefix_and_document_go_with_sex_and_age(folder: Path) -> None:
    usual = {"F": {"27", "23", "24"}, "M": {"20", "23", "24"}, "X": {"20", "23", "24", "27"}}
    for person in rows(folder, "people.csv"):
        assert Cuil.parse(person["cuil"])[:2] in usual[person["sex"]]
        if person["document_type"] in {"LE", "LC"}:
            assert date.fromisoformat(person["birth_date"]).year < 1955


def test_eight_in_a_hundred_are_thin_files(folder: Path) -> None:
    counts = Counter(fact["cuil"] for fact in rows(folder, "facts.csv"))
    few = sum(counts[person["cuil"]] < 3 for person in rows(folder, "people.csv"))
    assert 0.06 < few / PEOPLE < 0.2
    assert 4.5 < counts.total() / PEOPLE < 6


def test_few_employers_are_common_and_many_are_rare(folder: Path) -> None:
    employers = Counter(f["value"] for f in rows(folder, "facts.csv") if f["kind"] == "employer")
    top = sum(count for _, count in employers.most_common(len(employers) // 10))
    assert top > employers.total() / 4
    assert max(employers.values()) < PEOPLE / 50
    assert sum(count <= 5 for count in employers.values()) > len(employers) / 4


def test_employers_are_of_every_class(folder: Path) -> None:
    classes = Counter(
        KINDS["employer"].class_of(f["value"]) for f in rows(folder, "facts.csv") if f["kind"] == "employer"
    )
    assert set(classes) >= {"sa", "srl", "sas", "coop", "state", "partners", "person"}
    assert classes["other"] < classes.total() / 50


def test_no_fact_stands_twice_in_a_file(folder: Path) -> None:
    facts = [(f["cuil"], f["kind"], f["value"]) for f in rows(folder, "facts.csv")]
    assert len(facts) == len(set(facts))


@given(st.integers(0, 1000), st.integers(0, 40_000_000))
def test_no_two_persons_share_a_document_number(seed: int, start: int) -> None:
    numbers = document_numbers(np.arange(start, start + 5000), seed)
    assert len(set(numbers.tolist())) == 5000


@given(st.integers(4_000_000, 95_999_999), st.integers(0, 2))
def test_every_number_gives_a_right_cuil(number: int, sex: int) -> None:
    assert Cuil.parse(str(cuils(np.array([number]), np.array([sex]))[0]))


def test_every_province_has_several_places_to_live_in() -> None:
    assert min(Counter(place.province for place in LOCALITIES).values()) >= 3
    assert {place.province for place in LOCALITIES} == set(PROVINCES)


@pytest.mark.parametrize("options", [{"people": 0}, {"people": -1}, {"people": 5, "seed": -1}])
def test_senseless_numbers_are_answered_with_a_sentence(tmp_path: Path, options: dict[str, int]) -> None:
    with pytest.raises(CommandError, match=r"^--(people|seed) "):
        call_command("generate_registry", tmp_path, **options)


def test_a_folder_that_cannot_be_written_is_answered_with_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(CommandError, match="No se pudo escribir"):
        call_command("generate_registry", tmp_path / "file", people=1)
