"""Loading the register: what comes in, what a second run changes, and that it is all or nothing."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from identity.cuil import Cuil
from identity.importer import merge
from identity.importer.files import FILES
from identity.importer.run import ImportRefused
from identity.models import Choice, Curatela, Fact, Person
from identity.tramite import tramite_hash
from tests.builders import make_cuil
from tests.identity.registry_folder import MARTA, PABLO, ROSA, RegistryFolder

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> RegistryFolder:
    return RegistryFolder(tmp_path)


class TestWhatComesIn:
    def test_a_person_is_stored_as_the_file_says(self, folder: RegistryFolder) -> None:
        folder.people({"cuil": MARTA, "death_date": "2020-02-29"})
        folder.load()
        marta = Person.objects.get()
        assert (marta.cuil, marta.surname, marta.given_names) == (MARTA, "Peralta", "Marta Inés")
        assert (marta.birth_date, marta.death_date) == (date(1983, 5, 17), date(2020, 2, 29))
        assert (marta.locality, marta.postal_code, marta.province) == ("Olavarría", "7400", "B")

    def test_the_tramite_number_is_kept_as_a_keyed_hash_only(self, folder: RegistryFolder) -> None:
        folder.people({"cuil": MARTA}, {"cuil": PABLO, "tramite": ""})
        folder.load()
        assert Person.objects.get(cuil=MARTA).tramite_hash == tramite_hash(MARTA, "00123456789")
        assert Person.objects.get(cuil=PABLO).tramite_hash == ""

    def test_space_around_values_is_trimmed_and_accents_are_composed(self, folder: RegistryFolder) -> None:
        folder.people(
            {"cuil": f" {MARTA} ", "surname": "\u00a0Nu\u0301n\u0303ez ", "given_names": "Ine\u0301s"}
        )
        folder.load()
        assert Person.objects.filter(surname="Núñez", given_names="Inés").exists()

    def test_a_cuil_may_carry_dashes(self, folder: RegistryFolder) -> None:
        folder.people({"cuil": Cuil(MARTA).formatted}, {"cuil": PABLO})
        folder.load()
        assert set(Person.objects.values_list("cuil", flat=True)) == {MARTA, PABLO}

    def test_windows_line_ends_and_a_byte_order_mark_are_tolerated(self, folder: RegistryFolder) -> None:
        text = folder.header("people.csv") + folder.line("people.csv", cuil=MARTA)
        folder.text("people.csv", b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
        assert folder.outcome() == (1, 0, 0, 0)
        assert Person.objects.get().death_date is None

    def test_the_last_line_needs_no_end_and_blank_lines_are_no_rows(self, folder: RegistryFolder) -> None:
        text = folder.header("people.csv") + "\n\r\n" + folder.line("people.csv", cuil=MARTA)
        folder.text("people.csv", text.rstrip("\n"))
        assert folder.load().files[0].read == 1

    def test_columns_may_stand_in_any_order_and_unknown_ones_are_ignored(
        self, folder: RegistryFolder
    ) -> None:
        folder.text(
            "facts.csv",
            f'value,note,kind,cuil,until,since\nEL CEIBO S R L,"a, b",employer,{MARTA},,2001-03-01\n'
            f"LA PERLA S A,,employer,{MARTA},2003-01-31,2002-03-01\n",
        )
        folder.load()
        assert set(Fact.objects.values_list("value", "since")) == {
            ("EL CEIBO S R L", date(2001, 3, 1)),
            ("LA PERLA S A", date(2002, 3, 1)),
        }

    def test_a_quoted_value_may_hold_commas_quotes_and_line_ends(self, folder: RegistryFolder) -> None:
        folder.people(
            {"cuil": MARTA, "street": "Mitre 1, piso 2", "surname": 'O"Higgins'},
            {"cuil": PABLO, "street": "Zona rural\nkm 12"},
            {"cuil": ROSA},
        )
        assert folder.outcome() == (3, 0, 0, 0)
        assert Person.objects.get(cuil=MARTA).street == "Mitre 1, piso 2"
        assert Person.objects.get(cuil=MARTA).surname == 'O"Higgins'
        assert Person.objects.get(cuil=PABLO).street == "Zona rural km 12"

    def test_who_lives_abroad_has_no_province_and_any_postal_code(self, folder: RegistryFolder) -> None:
        folder.people(
            {"cuil": MARTA, "country": "BR", "province": "", "postal_code": "01310-100"},
            {"cuil": PABLO, "country": "BO", "province": "", "postal_code": ""},
        )
        folder.load()
        assert set(Person.objects.values_list("postal_code", flat=True)) == {"01310100", ""}

    def test_a_postal_code_may_be_a_cpa(self, folder: RegistryFolder) -> None:
        folder.people({"cuil": MARTA, "postal_code": "b1842zab"})
        folder.load()
        assert Person.objects.get().postal_code == "B1842ZAB"

    def test_dots_in_a_document_number_are_dropped(self, folder: RegistryFolder) -> None:
        folder.people({"cuil": MARTA, "document_number": "30.111.222"})
        folder.load()
        assert Person.objects.get().document_number == "30111222"

    def test_other_files_of_the_folder_are_left_alone(self, folder: RegistryFolder) -> None:
        folder.text("notes.csv", "\0\0\0")
        assert folder.outcome() == (3, 0, 0, 0)


class TestRunningAgain:
    def test_the_same_files_change_nothing_the_second_time(self, folder: RegistryFolder) -> None:
        folder.facts({"cuil": MARTA}, {"cuil": MARTA, "kind": "child", "value": "Pilar", "since": ""})
        folder.curatelas({"curador_cuil": MARTA, "curado_cuil": PABLO})
        folder.load()
        before = [*Person.objects.values(), *Fact.objects.values(), *Curatela.objects.values()]
        choices = [*Choice.objects.values()]
        again = folder.load()
        assert [(f.outcome.new, f.outcome.changed, f.outcome.removed) for f in again.files if f.outcome] == [
            (0, 0, 0)
        ] * 3
        assert before == [*Person.objects.values(), *Fact.objects.values(), *Curatela.objects.values()]
        assert again.choices is None
        assert choices == [*Choice.objects.values()]

    def test_a_changed_person_keeps_their_row_and_the_others_stay_as_they_were(
        self, folder: RegistryFolder
    ) -> None:
        folder.load()
        row = Person.objects.get(cuil=MARTA).pk
        folder.people({"cuil": MARTA, "locality": "Azul", "death_date": "2024-01-02"}, {"cuil": PABLO})
        assert folder.outcome() == (0, 1, 1, 0)
        marta = Person.objects.get(pk=row)
        assert (marta.locality, marta.death_date) == ("Azul", date(2024, 1, 2))

    def test_a_person_the_file_forgot_stays(self, folder: RegistryFolder) -> None:
        folder.load()
        folder.people({"cuil": MARTA})
        folder.load()
        assert Person.objects.count() == 3

    def test_facts_are_replaced_as_a_whole_and_those_that_remain_keep_their_row(
        self, folder: RegistryFolder
    ) -> None:
        stays = {"cuil": MARTA, "value": "LA PERLA S A"}
        folder.facts(stays, {"cuil": MARTA, "value": "EL CEIBO S R L"}, {"cuil": PABLO})
        folder.load()
        row = Fact.objects.get(value="LA PERLA S A").pk
        folder.facts(stays | {"until": "2009-12-31"}, {"cuil": ROSA})
        assert folder.outcome("facts.csv") == (1, 1, 0, 2)
        assert Fact.objects.get(value="LA PERLA S A").pk == row
        assert Fact.objects.get(pk=row).until == date(2009, 12, 31)
        assert set(Fact.objects.values_list("person_id", flat=True)) == {MARTA, ROSA}

    def test_an_absent_file_changes_nothing_and_is_said_to_be_absent(self, folder: RegistryFolder) -> None:
        folder.facts({"cuil": MARTA})
        folder.load()
        (folder.path / "facts.csv").unlink()
        assert folder.load().files[1].outcome is None
        assert Fact.objects.count() == 1

    def test_a_file_without_rows_says_that_there_are_none(self, folder: RegistryFolder) -> None:
        folder.curatelas({"curador_cuil": MARTA, "curado_cuil": PABLO})
        folder.load()
        folder.curatelas()
        assert folder.outcome("curatelas.csv") == (0, 0, 0, 1)

    def test_one_value_at_two_times_is_two_facts(self, folder: RegistryFolder) -> None:
        folder.facts(*({"cuil": MARTA, "since": since} for since in ("2001-03-01", "2005-03-01", "")))
        assert folder.outcome("facts.csv") == (3, 0, 0, 0)
        assert folder.outcome("facts.csv") == (0, 0, 3, 0)

    def test_a_large_first_load_leaves_tables_as_they_were_made(
        self, folder: RegistryFolder, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(merge, "MANY", 1)
        tables = [file.table for file in FILES]

        def made() -> list[object]:
            with connection.cursor() as cursor:
                return [connection.introspection.get_constraints(cursor, table) for table in tables]

        before = made()
        folder.facts({"cuil": MARTA}, {"cuil": PABLO})
        folder.curatelas({"curador_cuil": MARTA, "curado_cuil": PABLO})
        folder.load()
        assert made() == before
        assert Fact.objects.count() == 2
        assert folder.outcome("facts.csv") == (0, 0, 2, 0)


class TestAllOrNothing:
    def _refusal(self, folder: RegistryFolder) -> str:
        before = [*Person.objects.values(), *Fact.objects.values(), *Choice.objects.values()]
        with pytest.raises(ImportRefused) as refused:
            folder.load()
        assert before == [*Person.objects.values(), *Fact.objects.values(), *Choice.objects.values()]
        return str(refused.value)

    def test_one_bad_row_in_a_hundred_is_borne_and_two_are_not(self, folder: RegistryFolder) -> None:
        good = [{"cuil": make_cuil(20_000_000 + n)} for n in range(99)]
        folder.people({"cuil": MARTA, "sex": ""}, *good)
        assert folder.outcome() == (99, 0, 0, 0)
        folder.people({"cuil": MARTA, "sex": ""}, {"cuil": PABLO, "sex": ""}, *good[:98])
        assert "people.csv: 2 de 100 filas no sirven (el límite es 1 %)" in self._refusal(folder)
        assert len(folder.rejects()) == 2

    def test_too_many_facts_without_their_person_undo_the_people_too(self, folder: RegistryFolder) -> None:
        folder.facts({"cuil": make_cuil(40555666)})
        assert "facts.csv: 1 de 1 filas no sirven" in self._refusal(folder)
        assert not Person.objects.exists()

    def test_too_many_repeated_rows_undo_everything(self, folder: RegistryFolder) -> None:
        folder.people({"cuil": MARTA}, {"cuil": MARTA})
        assert "people.csv: 1 de 2 filas no sirven" in self._refusal(folder)

    def test_after_a_good_load_a_bad_one_leaves_what_was_there(self, folder: RegistryFolder) -> None:
        folder.facts({"cuil": MARTA})
        folder.load()
        folder.people({"cuil": MARTA, "locality": "Azul"})
        folder.facts({"cuil": make_cuil(40555666)})
        self._refusal(folder)
        assert Person.objects.get(cuil=MARTA).locality == "Olavarría"

    def test_a_file_that_was_cut_short_lifts_no_curatela(self, folder: RegistryFolder, settings: Any) -> None:
        people = [make_cuil(20_000_000 + n) for n in range(100)]
        folder.people({"cuil": MARTA}, *({"cuil": cuil} for cuil in people))
        cared_for = [{"curador_cuil": MARTA, "curado_cuil": cuil} for cuil in people]
        folder.curatelas(*cared_for)
        folder.load()
        for left in (0, 97):
            folder.curatelas(*cared_for[:left])
            assert f"curatelas.csv: de 100 filas guardadas quedarían {left}" in self._refusal(folder)
            assert Curatela.objects.count() == 100
        folder.curatelas(*cared_for[:98])
        assert folder.outcome("curatelas.csv") == (0, 0, 98, 2)
        settings.PORTAL_SHRINK_PERCENT = 100
        folder.curatelas()
        assert folder.outcome("curatelas.csv") == (0, 0, 0, 98)

    def test_missing_columns_are_named(self, folder: RegistryFolder) -> None:
        folder.text("people.csv", "cuil,surname\n")
        assert "En people.csv falta la columna «given_names», «document_type»" in self._refusal(folder)

    def test_semicolons_are_recognised(self, folder: RegistryFolder) -> None:
        folder.text("people.csv", folder.header("people.csv").replace(",", ";"))
        assert "separadas por comas" in self._refusal(folder)

    def test_a_column_named_twice_is_refused(self, folder: RegistryFolder) -> None:
        folder.text("people.csv", folder.header("people.csv").rstrip() + ",cuil\n")
        assert "está dos veces la columna «cuil»" in self._refusal(folder)

    @pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32"])
    def test_a_file_in_another_encoding_is_refused(self, folder: RegistryFolder, encoding: str) -> None:
        folder.text("people.csv", folder.header("people.csv").encode(encoding))
        assert "people.csv no está en UTF-8" in self._refusal(folder)

    def test_an_empty_file_is_refused(self, folder: RegistryFolder) -> None:
        folder.text("people.csv", "")
        assert "people.csv está vacío" in self._refusal(folder)

    def test_a_file_of_zeros_is_refused(self, folder: RegistryFolder) -> None:
        folder.text("people.csv", b"\0" * 1000)
        assert "people.csv no está en UTF-8" in self._refusal(folder)

    def test_people_are_required(self, folder: RegistryFolder) -> None:
        (folder.path / "people.csv").unlink()
        assert "Falta people.csv" in self._refusal(folder)

    def test_a_folder_in_place_of_a_file_is_refused(self, folder: RegistryFolder) -> None:
        (folder.path / "facts.csv").mkdir()
        assert "No se pudo leer o escribir" in self._refusal(folder)

    def test_the_command_ends_badly_with_a_sentence(self, tmp_path: Path) -> None:
        with pytest.raises(CommandError, match="No existe la carpeta"):
            call_command("import_registry", tmp_path / "nowhere")

    def test_a_dry_run_tells_everything_and_changes_nothing(
        self, folder: RegistryFolder, capsys: pytest.CaptureFixture[str]
    ) -> None:
        folder.facts({"cuil": MARTA})
        call_command("import_registry", folder.path, "--dry-run")
        said = capsys.readouterr().out
        assert "3 leídas: 3 nuevas" in said
        assert "no se cambió nada" in said
        assert not Person.objects.exists()
        assert not Choice.objects.exists()

    def test_the_summary_counts_every_file(
        self, folder: RegistryFolder, capsys: pytest.CaptureFixture[str]
    ) -> None:
        folder.facts({"cuil": MARTA})
        call_command("import_registry", folder.path)
        said = capsys.readouterr().out
        assert "facts.csv      1 leídas: 1 nuevas, 0 cambiadas, 0 iguales, 0 quitadas, 0 rechazadas" in said
        assert "curatelas.csv  no está en la carpeta" in said


class TestBeingAlone:
    @pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite lets one writer in anyway")
    def test_a_second_import_at_the_same_time_is_refused(self, folder: RegistryFolder) -> None:
        other = connection.copy()
        try:
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_lock(17228, 1)")
            with pytest.raises(ImportRefused, match="Ya hay otra importación"):
                folder.load()
        finally:
            other.close()

    @pytest.mark.django_db(transaction=True)
    def test_outside_of_a_transaction_it_leaves_none_open(self, folder: RegistryFolder) -> None:
        folder.facts({"cuil": MARTA})
        folder.load()
        assert not connection.in_atomic_block
        folder.facts({"cuil": make_cuil(40555666)})
        with pytest.raises(ImportRefused):
            folder.load()
        assert connection.get_autocommit()
        assert Fact.objects.get().person_id == MARTA
