"""The catalogue of wrong answers: values among their like, in numbered places."""

from collections import Counter, defaultdict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from identity.catalogue import FEWEST, merged, rebuild_choices
from identity.importer.run import import_folder
from identity.kinds import KINDS
from identity.models import Choice, Fact, Person
from identity.synthetic.files import write_files
from tests.builders import make_person
from tests.identity.registry_folder import MARTA, PABLO, RegistryFolder


@pytest.mark.django_db
class TestRebuilding:
    def test_every_value_of_every_fact_is_listed_once(self, tmp_path: Path) -> None:
        write_files(tmp_path, people=500, seed=3)
        report = import_folder(tmp_path)
        values = set(Fact.objects.values_list("kind", "value"))
        assert set(Choice.objects.values_list("kind", "value")) == values
        assert report.choices == len(values) == Choice.objects.count()

    def test_each_value_says_how_many_persons_have_it(self, tmp_path: Path) -> None:
        write_files(tmp_path, people=500, seed=3)
        import_folder(tmp_path)
        persons: dict[tuple[str, str], set[str]] = defaultdict(set)
        for kind, value, cuil in Fact.objects.values_list("kind", "value", "person_id"):
            persons[kind, value].add(cuil)
        listed = {(choice.kind, choice.value): choice.persons for choice in Choice.objects.all()}
        assert listed == {value: len(whose) for value, whose in persons.items()}

    def test_the_places_of_a_pool_are_numbered_without_a_gap(self, tmp_path: Path) -> None:
        write_files(tmp_path, people=500, seed=3)
        import_folder(tmp_path)
        pools: dict[str, list[int]] = {}
        for pool, place in Choice.objects.values_list("pool", "place"):
            pools.setdefault(pool, []).append(place)
        assert all(sorted(places) == list(range(len(places))) for places in pools.values())
        assert all(len(places) >= FEWEST for pool, places in pools.items() if "|" in pool)

    def test_a_pool_says_what_it_holds(self) -> None:
        facts = {"employer": [f"EMPRESA {n} S A" for n in range(FEWEST)]}
        for document, province in ((30111222, "X"), (30111333, "X"), (30111444, "Q")):
            make_person(document, facts=facts, province=province)
        Choice.objects.all().delete()
        rebuild_choices()
        assert set(Choice.objects.values_list("pool", flat=True)) == {"employer|sa|1|X"}

    def test_common_and_rare_values_do_not_share_a_pool(self) -> None:
        common, rare = ([f"{word} {n} S A" for n in range(FEWEST)] for word in ("GRANDE", "CHICA"))
        for number in range(10):
            make_person(20_000_000 + number * 17, facts={"employer": common})
        make_person(30111222, facts={"employer": rare})
        rebuild_choices()
        assert set(Choice.objects.filter(value__in=common).values_list("pool", flat=True)) == {
            "employer|sa|2|B"
        }
        assert set(Choice.objects.filter(value__in=rare).values_list("pool", flat=True)) == {
            "employer|sa|1|B"
        }

    def test_values_of_persons_abroad_have_no_region(self) -> None:
        make_person(
            facts={"employer": [f"EMPRESA {n} S A" for n in range(FEWEST)]}, province="", country="ES"
        )
        Choice.objects.all().delete()
        rebuild_choices()
        assert set(Choice.objects.values_list("pool", flat=True)) == {"employer|sa|1|"}

    def test_values_of_other_kinds_are_left_alone(self) -> None:
        Choice.objects.create(kind="pet", value="MICHI", pool="pet", place=0)
        rebuild_choices()
        assert Choice.objects.filter(kind="pet").exists()

    def test_a_value_nobody_has_any_more_is_no_longer_offered(self, tmp_path: Path) -> None:
        folder = RegistryFolder(tmp_path)
        folder.facts({"cuil": MARTA, "value": "LA PERLA S A"}, {"cuil": PABLO, "value": "EL CEIBO S A"})
        folder.load()
        folder.facts({"cuil": PABLO, "value": "EL CEIBO S A"})
        folder.load()
        offered = set(Choice.objects.values_list("value", flat=True))
        assert "EL CEIBO S A" in offered
        assert "LA PERLA S A" not in offered

    def test_a_register_with_few_values_borrows_plausible_ones_of_the_kinds_it_has(self) -> None:
        make_person(facts={"employer": ["EL CEIBO S A"], "child": ["Ana", "Juan"]})
        assert rebuild_choices() == 2 * FEWEST
        values = list(Choice.objects.filter(kind="employer").values_list("value", flat=True))
        assert "EL CEIBO S A" in values
        assert all(value == value.upper() for value in values)
        assert set(Choice.objects.values_list("pool", flat=True)) == {"employer", "child"}

    def test_a_move_to_another_province_is_noticed(self, tmp_path: Path) -> None:
        folder = RegistryFolder(tmp_path)
        folder.facts({"cuil": MARTA})
        folder.load()
        folder.people({"cuil": MARTA, "province": "Q"})
        assert folder.load().choices == FEWEST

    def test_an_empty_catalogue_is_made_even_if_no_fact_changed(self, tmp_path: Path) -> None:
        folder = RegistryFolder(tmp_path)
        folder.facts({"cuil": MARTA})
        folder.load()
        Choice.objects.all().delete()
        assert folder.load().choices == FEWEST

    def test_without_facts_there_is_nothing_to_offer(self) -> None:
        assert rebuild_choices() == 0
        assert not Person.objects.exists()


POOLS = st.builds(
    lambda *parts: "|".join(parts),
    st.sampled_from(list(KINDS)),
    st.sampled_from(["sa", "srl", "person", "all"]),
    st.sampled_from("1234567"),
    st.sampled_from(["", "B", "X", "Q"]),
)


@given(st.dictionaries(POOLS, st.integers(1, 120), max_size=40))
def test_pools_are_joined_until_they_are_large_and_never_across_kinds(sizes: dict[str, int]) -> None:
    names = merged(Counter(sizes))
    held: Counter[str] = Counter()
    for pool, name in names.items():
        held[name] += sizes[pool]
        kind, name_class, _, region = pool.split("|")
        wider = (pool, f"{kind}|{name_class}|{region}", f"{kind}|{name_class}", kind)
        assert name in wider
        assert len(name) <= 48
    assert set(names) == set(sizes)
    assert all(count >= FEWEST for name, count in held.items() if "|" in name)
    assert all(names[pool] == pool for pool, count in sizes.items() if count >= FEWEST)


@pytest.mark.parametrize(
    ("name", "its_class"),
    [
        ("SANTA JULIA S A", "sa"), ("METLIFE SERVICIOS SA", "sa"), ("BODEGA CUYO S.A.C.I.", "sa"),
        ("CASA ROSA S.R.L.", "srl"), ("EL CEIBO S R L", "srl"), ("NUBE DIGITAL S A S", "sas"),
        ("MUNICIPALIDAD DE TANDIL", "state"), ("HOSPITAL MUNICIPAL DE AZUL", "state"),
        ("COOPERATIVA DE TRABAJO AZUL LTDA", "coop"), ("OBRA SOCIAL DE LA SANIDAD", "insurer"),
        ("ALBERTO A Y MARIO J DOMINGUEZ", "partners"), ("ACOSTA HNOS", "partners"),
        ("HUMEREZ WAYAR VALERIA ALEJANDRA", "person"), ("CASTRO ROSA", "person"),
    ],
)  # fmt: skip
def test_an_employer_s_name_tells_its_class(name: str, its_class: str) -> None:
    assert KINDS["employer"].class_of(name) == its_class
