"""Offices and zones come with the register: what is taken, what is turned away, what goes."""

from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st
from pytest_django import Settings

from identity.importer import merge
from identity.importer.files import seal_zone
from identity.importer.run import ImportRefused
from identity.models import Person
from offices.models import Office, Zone
from offices.places import place_of
from offices.zones import zone_of
from tests.identity.registry_folder import MARTA, RegistryFolder

pytestmark = pytest.mark.django_db

VIEDMA, AZUL = {"code": "0101"}, {"code": "0202", "name": "UDAI Azul", "province": "B"}


@pytest.fixture
def folder(tmp_path: Path) -> RegistryFolder:
    folder = RegistryFolder(tmp_path)
    folder.offices(VIEDMA, AZUL)
    return folder


@pytest.fixture
def lenient(settings: Settings) -> None:
    """Files of a few rows, some of them bad, pass."""
    settings.PORTAL_REJECTS_PERCENT = 100


def served() -> dict[str, str]:
    """Locality -> code of the office."""
    return dict(Zone.objects.values_list("locality", "office_id"))


class TestWhatComesIn:
    def test_an_office_is_stored_as_the_file_says(self, folder: RegistryFolder) -> None:
        folder.offices({**VIEDMA, "postal_code": "r8500xaa"})
        folder.load()
        office = Office.objects.get()
        assert office.address == "Buenos Aires 150, R8500XAA Viedma, Río Negro"
        assert (office.kind, office.phone_to_dial) == ("udai", "02920420000")

    def test_a_zone_is_found_by_addresses_spelled_in_another_way(self, folder: RegistryFolder) -> None:
        folder.zones({"locality": "Gral. Conesa", "postal_code": "B8503AAA"}, {})
        folder.load()
        zone = zone_of(postal_code="8503", locality="GENERAL CONESA", province="B")
        assert zone is not None
        assert (zone.office.name, zone.notice) == ("UDAI Viedma", "Te corresponde Viedma.")

    def test_a_zone_without_postal_code_and_locality_is_the_whole_province(
        self, folder: RegistryFolder
    ) -> None:
        folder.zones({"postal_code": "", "locality": "", "province": "L"})
        folder.load()
        assert zone_of(postal_code="6360", locality="General Pico", province="L") is not None

    def test_a_zone_may_belong_to_an_office_of_an_earlier_run(self, folder: RegistryFolder) -> None:
        folder.load()
        (folder.path / "offices.csv").unlink()
        folder.zones({})
        assert folder.outcome("zones.csv") == (1, 0, 0, 0)

    def test_a_folder_without_these_files_leaves_them_alone(self, folder: RegistryFolder) -> None:
        folder.zones({})
        folder.load()
        for name in ("offices.csv", "zones.csv"):
            (folder.path / name).unlink()
        folder.load()
        assert (Office.objects.count(), Zone.objects.count()) == (2, 1)


class TestRunningAgain:
    def test_the_same_files_change_nothing_the_second_time(self, folder: RegistryFolder) -> None:
        folder.zones({}, {"postal_code": "", "locality": ""})
        folder.load()
        before = [*Office.objects.values(), *Zone.objects.values()]
        assert folder.outcome("offices.csv") == (0, 0, 2, 0)
        assert folder.outcome("zones.csv") == (0, 0, 2, 0)
        assert before == [*Office.objects.values(), *Zone.objects.values()]

    def test_an_office_that_moves_keeps_its_row_and_is_found_where_it_is_now(
        self, folder: RegistryFolder
    ) -> None:
        folder.load()
        row = Office.objects.get(code="0101").pk
        folder.offices({**VIEDMA, "locality": "San Antonio Oeste", "postal_code": "8520"})
        assert folder.outcome("offices.csv") == (0, 1, 0, 0)
        moved = Office.objects.get(pk=row)
        assert (moved.place, moved.digits) == ("sanantoniooeste", "8520")

    def test_an_office_the_file_forgot_stays(self, folder: RegistryFolder) -> None:
        folder.load()
        folder.offices(AZUL)
        folder.load()
        assert Office.objects.count() == 2

    def test_a_zone_that_changes_hands_is_the_same_zone(self, folder: RegistryFolder) -> None:
        folder.zones({})
        folder.load()
        row = Zone.objects.get().pk
        folder.zones({"office_code": "0202", "notice": "", "locality": "CARMEN DE PATAGONES"})
        assert folder.outcome("zones.csv") == (0, 1, 0, 0)
        zone = Zone.objects.get()
        assert (zone.pk, zone.office_id, zone.notice) == (row, "0202", "")

    def test_for_the_offices_of_its_folder_the_file_of_zones_is_the_whole_truth(
        self, folder: RegistryFolder
    ) -> None:
        folder.zones({"locality": "Stroeder"}, {"locality": "Azul", "office_code": "0202"}, {})
        folder.load()
        folder.offices(VIEDMA)
        folder.zones({})
        assert folder.outcome("zones.csv") == (0, 0, 1, 1)
        assert served() == {"Carmen de Patagones": "0101", "Azul": "0202"}

    def test_without_the_file_of_offices_no_zone_goes(self, folder: RegistryFolder) -> None:
        folder.zones({"locality": "Stroeder"}, {})
        folder.load()
        (folder.path / "offices.csv").unlink()
        folder.zones({"locality": "Igarzábal"})
        assert folder.outcome("zones.csv") == (1, 0, 0, 0)
        assert len(served()) == 3

    def test_a_large_first_load_leaves_the_tables_as_they_were_made(
        self, folder: RegistryFolder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(merge, "MANY", 1)

        def made() -> list[object]:
            with connection.cursor() as cursor:
                return [
                    connection.introspection.get_constraints(cursor, table)
                    for table in ("offices_office", "offices_zone")
                ]

        before = made()
        folder.zones({}, {"locality": "Stroeder"})
        folder.load()
        assert made() == before
        assert len(served()) == 2


BAD_OFFICES = [
    ({"code": ""}, "code: falta"),
    ({"name": ""}, "name: falta"),
    ({"kind": "UDAI"}, "kind: tiene que ser uno de udai, uca"),
    ({"street": ""}, "street: falta"),
    ({"locality": ""}, "locality: falta"),
    ({"locality": "--"}, "locality: no tiene letras ni números"),
    ({"postal_code": ""}, "postal_code: tiene que tener 4 números"),
    ({"postal_code": "85000"}, "postal_code: tiene que tener 4 números"),
    ({"province": ""}, "province: falta"),
    ({"province": "O"}, "province: no es la letra de una provincia"),
    ({"phone": "130 ó 131"}, "phone: lleva un solo número"),
    ({"phone": "4" * 41}, "phone: lleva un solo número"),
    ({"code": "0101"}, "repite code de una fila anterior"),
]
BAD_ZONES = [
    ({"office_code": "9999", "locality": "Azul"}, "office_code: esa oficina no está en el registro"),
    ({"office_code": ""}, "office_code: falta"),
    ({"province": ""}, "province: falta"),
    ({"postal_code": "850"}, "postal_code: tiene que tener 4 números"),
    ({"locality": "..."}, "locality: no tiene letras ni números"),
    ({"notice": "x" * 401}, "notice: tiene más de 400 caracteres"),
    (
        {"postal_code": "B8504XAA", "locality": "CARMEN DE  PATAGONES", "office_code": "0202"},
        "repite province, postal_code, locality de una fila anterior",
    ),
]


class TestWhatIsTurnedAway:
    @pytest.mark.usefixtures("lenient")
    @pytest.mark.parametrize(("change", "reason"), BAD_OFFICES)
    def test_a_bad_office_is_named_by_line_and_reason(
        self, folder: RegistryFolder, change: dict[str, str], reason: str
    ) -> None:
        folder.offices(VIEDMA, {"code": "0303"} | change, AZUL)
        folder.load()
        ((file, line, given),) = folder.rejects()
        assert (file, line) == ("offices.csv", 3)
        assert given.startswith(reason)
        assert Office.objects.count() == 2

    @pytest.mark.usefixtures("lenient")
    @pytest.mark.parametrize(("change", "reason"), BAD_ZONES)
    def test_a_bad_zone_is_named_by_line_and_reason(
        self, folder: RegistryFolder, change: dict[str, str], reason: str
    ) -> None:
        folder.zones({}, change, {"locality": "Stroeder"})
        folder.load()
        ((file, line, given),) = folder.rejects()
        assert (file, line) == ("zones.csv", 3)
        assert given.startswith(reason)
        assert served() == {"Carmen de Patagones": "0101", "Stroeder": "0101"}

    @pytest.mark.usefixtures("lenient")
    def test_a_rejected_office_takes_its_zones_along(self, folder: RegistryFolder) -> None:
        folder.offices({**VIEDMA, "kind": ""}, AZUL)
        folder.zones({}, {"office_code": "0202", "locality": "Azul"})
        folder.load()
        assert served() == {"Azul": "0202"}

    def test_too_many_bad_zones_undo_people_and_offices_too(self, folder: RegistryFolder) -> None:
        folder.zones({"office_code": "9999"})
        with pytest.raises(ImportRefused, match=r"zones\.csv: 1 de 1 filas no sirven"):
            folder.load()
        assert not Person.objects.exists()
        assert not Office.objects.exists()

    def test_too_many_bad_people_undo_the_offices(self, folder: RegistryFolder) -> None:
        folder.people({"cuil": MARTA, "sex": ""})
        with pytest.raises(ImportRefused):
            folder.load()
        assert not Office.objects.exists()

    def test_a_dry_run_counts_them_and_keeps_nothing(
        self, folder: RegistryFolder, capsys: pytest.CaptureFixture[str]
    ) -> None:
        folder.zones({})
        call_command("import_registry", folder.path, "--dry-run")
        said = capsys.readouterr().out
        assert "offices.csv    2 leídas: 2 nuevas" in said
        assert "zones.csv      1 leídas: 1 nuevas" in said
        assert not Office.objects.exists()


@given(st.text(max_size=80))
def test_whatever_locality_the_file_may_hold_its_searched_form_fits_its_column(locality: str) -> None:
    place, digits = seal_zone(("0101", "B8504XAA", locality, "B", ""))[-2:]
    longest = Zone._meta.get_field("place").max_length
    assert longest is not None
    assert len(place) <= longest
    assert (place, digits) == (place_of(locality), "8504")
