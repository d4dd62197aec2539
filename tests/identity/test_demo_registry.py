"""The register of the demonstration: every case occurs, and each does what its line promises."""

import csv
from collections import Counter
from pathlib import Path

import pytest
from django.conf import settings

from identity.importer.run import import_folder
from identity.kinds import KINDS
from identity.models import Choice, Curatela, Fact, Person
from identity.quiz import Purpose, answer, can_be_quizzed, get_or_open_round, show
from identity.register import person_who_may_hold_a_key
from identity.rounds import Outcome
from identity.tramite import tramite_hash
from offices.models import Office, Zone
from offices.provinces import PROVINCES
from offices.zones import zone_of

DEMO = Path(settings.BASE_DIR) / "demo"
MANUAL_ZONES = {
    ("Juan A. Pradere", "8142"), ("Carmen de Patagones", "8504"), ("Cardenal Cagliero", "8506"),
    ("José B. Casas", "8506"), ("Emilio Lamarca", "8508"), ("Stroeder", "8508"), ("Igarzábal", "8512"),
}  # fmt: skip
ONLINE = {
    "online-with-tramite", "online-without-tramite", "online-sex-x", "wrong-answers", "tramite-lost",
    "level-2", "level-3", "pending", "expired", "forgotten", "revoked", "curador", "curatela-over",
    "document-le", "document-pas",
}  # fmt: skip
THIN = {"thin-file", "one-category", "no-facts"}
NOBODY = {"deceased", "curado", "suspended"}

pytestmark = pytest.mark.django_db


def rows(path: str) -> list[dict[str, str]]:
    with (DEMO / path).open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


CASES = rows("cases.csv")


def cuils(*cases: str) -> list[str]:
    return [row["cuil"] for row in CASES if row["case"] in cases]


@pytest.fixture
def _loaded() -> None:
    report = import_folder(DEMO / "registry")
    assert [file.rejected for file in report.files] == [0, 0, 0, 0, 0]


def test_every_case_is_told_in_one_sentence_and_the_simplest_comes_first() -> None:
    assert {row["case"] for row in CASES} == ONLINE | THIN | NOBODY | {"abroad"}
    assert CASES[0]["case"] == "online-with-tramite"
    assert CASES[1]["case"] == "online-without-tramite"
    assert all(row["title"] and row["what_happens"].endswith(".") for row in CASES)
    assert len({row["cuil"] for row in CASES}) == len(CASES)


def test_at_least_five_persons_are_there_to_create_a_key_with() -> None:
    assert len(cuils("online-with-tramite", "online-without-tramite", "online-sex-x")) >= 5


@pytest.mark.usefixtures("_loaded")
class TestLoaded:
    def test_everybody_of_the_page_is_in_the_register(self) -> None:
        assert Person.objects.filter(cuil__in=[row["cuil"] for row in CASES]).count() == len(CASES)
        assert Person.objects.count() >= 300

    @pytest.mark.parametrize("cuil", cuils(*ONLINE))
    def test_who_can_prove_it_online_has_three_rounds_of_different_questions(self, cuil: str) -> None:
        assert person_who_may_hold_a_key(cuil) is not None
        asked = []
        for turn in range(3):
            round_, _ = get_or_open_round(cuil, Purpose.CREATE, f"journey-{turn}")
            while question := show(round_):
                asked.append((question.card.kind, question.card.truth))
                outcome = answer(round_, question.number, question.card.truth)
            assert outcome == Outcome.PASSED
        assert len(set(asked)) == 12

    @pytest.mark.parametrize("cuil", cuils(*THIN))
    def test_a_thin_file_cannot_be_asked_about(self, cuil: str) -> None:
        assert person_who_may_hold_a_key(cuil) is not None
        assert not can_be_quizzed(cuil)

    @pytest.mark.parametrize("cuil", cuils(*NOBODY))
    def test_of_the_dead_and_of_those_under_curatela_nothing_is_told(self, cuil: str) -> None:
        assert person_who_may_hold_a_key(cuil) is None

    def test_the_tramite_number_is_there_for_those_who_need_one(self) -> None:
        numbers = {row["cuil"]: row["tramite"] for row in rows("registry/people.csv")}
        for cuil in cuils("online-with-tramite", "online-sex-x", "tramite-lost", "wrong-answers"):
            assert Person.objects.get(cuil=cuil).tramite_hash == tramite_hash(cuil, numbers[cuil])
        for cuil in cuils("online-without-tramite", "document-le", "document-pas"):
            assert not Person.objects.get(cuil=cuil).has_tramite

    def test_a_curadora_has_two_curados_and_one_curatela_has_ended(self) -> None:
        (curadora,) = cuils("curador")
        assert Curatela.objects.filter(curador_id=curadora, until=None).count() == 2
        (free,) = cuils("curatela-over")
        assert Curatela.objects.filter(curado_id=free).exclude(until=None).count() == 1

    def test_the_zones_of_the_manual_are_inhabited(self) -> None:
        inhabited = set(Person.objects.filter(province="B").values_list("locality", "postal_code"))
        assert inhabited >= MANUAL_ZONES
        assert Person.objects.filter(province="L").exists()

    def test_everybody_who_lives_in_the_country_is_served_by_some_office(self) -> None:
        for person in Person.objects.filter(country="AR"):
            zone = zone_of(postal_code=person.postal_code, locality=person.locality, province=person.province)
            assert zone is not None, person.locality
            assert zone.office.kind == Office.Kind.UDAI

    def test_the_zones_of_the_manual_and_la_pampa_say_where_to_go(self) -> None:
        for locality, postal_code in MANUAL_ZONES:
            zone = zone_of(postal_code=postal_code, locality=locality, province="B")
            assert zone is not None
            assert (zone.locality, zone.postal_code) == (locality, postal_code)
            assert "habilitar tu Clave de la Seguridad Social" in zone.notice
            assert zone.office.name in zone.notice
        la_pampa = Zone.objects.get(province="L", digits="", place="")
        assert "La Pampa" in la_pampa.notice
        assert la_pampa.office.name in la_pampa.notice
        assert Zone.objects.exclude(notice="").count() == len(MANUAL_ZONES) + 1

    def test_every_province_has_an_office_and_a_zone_of_its_own(self) -> None:
        offices = Office.objects.filter(kind=Office.Kind.UDAI)
        assert set(offices.values_list("province", flat=True)) == set(PROVINCES)
        whole = Zone.objects.filter(digits="", place="")
        assert set(whole.values_list("province", flat=True)) == set(PROVINCES)

    def test_papers_from_abroad_have_one_address(self) -> None:
        assert Office.objects.get(kind=Office.Kind.UCA).address == (
            "Av. Paseo Colón Nº 239, 6to piso Frente, C1063ACO Ciudad Autónoma de Buenos Aires"
        )

    def test_every_document_and_every_sex_occurs(self) -> None:
        documents = set(Person.objects.values_list("document_type", flat=True))
        assert documents == set(Person.DocumentType.values)
        assert set(Person.objects.values_list("sex", flat=True)) == set(Person.Sex.values)

    def test_names_of_every_shape_occur(self) -> None:
        names = [f"{person.surname} {person.given_names}" for person in Person.objects.all()]
        assert any("ñ" in name.lower() for name in names)
        assert any("'" in name for name in names)
        assert any(len(name) > 60 for name in names)
        assert any(name == "González María" for name in names)

    def test_one_lives_abroad_and_has_facts(self) -> None:
        (abroad,) = cuils("abroad")
        person = Person.objects.get(cuil=abroad)
        assert (person.country, person.province) == ("ES", "")
        assert Fact.objects.filter(person=person).exists()

    def test_there_are_enough_values_of_every_kind_to_choose_wrong_answers_from(self) -> None:
        kinds = Counter(Choice.objects.values_list("kind", flat=True))
        assert set(kinds) == set(KINDS)
        assert min(kinds.values()) >= 60
