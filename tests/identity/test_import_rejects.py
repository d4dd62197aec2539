"""What the register's files may not hold: each bad row by line and reason, and no other row harmed."""

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.management import call_command
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pytest_django import Settings

from identity.cuil import Cuil, InvalidCuil
from identity.importer import check_digits
from identity.importer.files import FILES, PEOPLE
from identity.importer.lines import LONGEST
from identity.importer.rows import Reader
from identity.models import Curatela, Fact, Person
from tests.builders import make_cuil
from tests.identity.registry_folder import MARTA, PABLO, ROSA, RegistryFolder

pytestmark = pytest.mark.django_db


@pytest.fixture
def folder(tmp_path: Path) -> RegistryFolder:
    return RegistryFolder(tmp_path)


@pytest.fixture
def lenient(settings: Settings) -> None:
    """Files of a few rows, some of them bad, pass."""
    settings.PORTAL_REJECTS_PERCENT = 100


TOMORROW = str(timezone.localdate() + timedelta(days=1))
BAD_PEOPLE = [
    ({"cuil": "27301112226"}, "cuil: no es correcto"),
    ({"cuil": "30711112223"}, "cuil: no es correcto"),
    ({"cuil": "2730111222"}, "cuil: no es correcto"),
    ({"cuil": ""}, "cuil: falta"),
    ({"surname": "  "}, "surname: falta"),
    ({"surname": "P" * 61}, "surname: tiene más de 60 caracteres"),
    ({"surname": "Pe\0ralta"}, "surname: tiene caracteres de control"),
    ({"surname": "Pe\u202eralta"}, "surname: tiene caracteres de control"),
    ({"surname": "PeÃ±a"}, "surname: las letras con acento están mal codificadas"),
    ({"surname": "Pe\ufffda"}, "surname: las letras con acento están mal codificadas"),
    ({"document_type": "DNI"}, "document_type: tiene que ser uno de DU, LE, LC, CI, PAS"),
    ({"document_number": ""}, "document_number: falta"),
    ({"document_number": "AB123456"}, "document_number: en un DU"),
    ({"sex": "f"}, "sex: tiene que ser uno de F, M, X"),
    ({"birth_date": ""}, "birth_date: falta"),
    ({"birth_date": "17/05/1983"}, "birth_date: no es una fecha AAAA-MM-DD"),
    ({"birth_date": "2023-02-29"}, "birth_date: es un día que no existe"),
    ({"birth_date": "1983-02-30"}, "birth_date: es un día que no existe"),
    ({"birth_date": "1779-05-17"}, "birth_date: está fuera de los años"),
    ({"birth_date": TOMORROW}, "birth_date: está en el futuro"),
    ({"death_date": TOMORROW}, "death_date: está en el futuro"),
    ({"death_date": "1983-05-16"}, "death_date: es anterior al nacimiento"),
    ({"postal_code": "740"}, "postal_code: tiene que tener 4 números"),
    ({"postal_code": ""}, "postal_code: tiene que tener 4 números"),
    ({"province": ""}, "province: falta"),
    ({"province": "I"}, "province: no es la letra de una provincia"),
    ({"country": "ES"}, "province: queda vacía"),
    ({"country": "ARG"}, "country: tiene que ser el código de dos letras"),
    ({"tramite": "123"}, "tramite: tiene que tener 11 números"),
]
BAD_FACTS = [
    ({"cuil": make_cuil(40555666)}, "cuil: esa persona no está en el registro"),
    ({"kind": "pet"}, "kind: tiene que ser uno de employer"),
    ({"value": ""}, "value: falta"),
    ({"value": "X" * 121}, "value: tiene más de 120 caracteres"),
    ({"since": "2001"}, "since: no es una fecha AAAA-MM-DD"),
    ({"until": "2001-02-28"}, "until: es anterior a since"),
    ({"value": "LA PERLA S A"}, "repite cuil, kind, value, since de una fila anterior"),
]
BAD_CURATELAS = [
    ({"curado_cuil": MARTA}, "curado_cuil: nadie es curador de sí mismo"),
    ({"curado_cuil": make_cuil(40555666)}, "curado_cuil: esa persona no está en el registro"),
    ({"curador_cuil": make_cuil(40555666)}, "curador_cuil: esa persona no está en el registro"),
    ({"since": ""}, "since: falta"),
    ({"until": "2012-05-09"}, "until: es anterior a since"),
    ({"court_file": ""}, "court_file: falta"),
]


@pytest.mark.usefixtures("lenient")
class TestWhatIsTurnedAway:
    @pytest.mark.parametrize(("change", "reason"), BAD_PEOPLE)
    def test_a_bad_person_is_named_by_line_and_reason(
        self, folder: RegistryFolder, change: dict[str, str], reason: str
    ) -> None:
        folder.people({"cuil": PABLO}, {"cuil": MARTA} | change, {"cuil": ROSA})
        folder.load()
        ((file, line, given),) = folder.rejects()
        assert (file, line) == ("people.csv", 3)
        assert given.startswith(reason)
        assert set(Person.objects.values_list("cuil", flat=True)) == {PABLO, ROSA}

    @pytest.mark.parametrize(("change", "reason"), BAD_FACTS)
    def test_a_bad_fact_is_named_by_line_and_reason(
        self, folder: RegistryFolder, change: dict[str, str], reason: str
    ) -> None:
        folder.facts({"cuil": MARTA, "value": "LA PERLA S A"}, {"cuil": MARTA} | change, {"cuil": PABLO})
        folder.load()
        ((file, line, given),) = folder.rejects()
        assert (file, line) == ("facts.csv", 3)
        assert given.startswith(reason)
        assert Fact.objects.count() == 2

    @pytest.mark.parametrize(("change", "reason"), BAD_CURATELAS)
    def test_a_bad_curatela_is_named_by_line_and_reason(
        self, folder: RegistryFolder, change: dict[str, str], reason: str
    ) -> None:
        folder.curatelas({"curador_cuil": MARTA, "curado_cuil": PABLO} | change)
        folder.load()
        ((file, line, given),) = folder.rejects()
        assert (file, line) == ("curatelas.csv", 2)
        assert given.startswith(reason)
        assert not Curatela.objects.exists()

    def test_of_two_rows_of_one_person_the_first_counts(self, folder: RegistryFolder) -> None:
        folder.people({"cuil": MARTA}, {"cuil": PABLO}, {"cuil": MARTA, "locality": "Azul"})
        folder.load()
        assert folder.rejects() == [("people.csv", 4, "repite cuil de una fila anterior")]
        assert Person.objects.get(cuil=MARTA).locality == "Olavarría"

    def test_a_repeated_row_is_turned_away_on_a_second_run_too(self, folder: RegistryFolder) -> None:
        folder.people({"cuil": MARTA}, {"cuil": PABLO}, {"cuil": MARTA, "locality": "Azul"})
        folder.load()
        assert folder.outcome() == (0, 0, 2, 0)
        assert len(folder.rejects()) == 1

    def test_a_row_with_too_few_or_too_many_columns(self, folder: RegistryFolder) -> None:
        good = folder.line("people.csv", cuil=MARTA)
        folder.text("people.csv", folder.header("people.csv") + "a,b\n" + good + good.rstrip() + ",x\n")
        folder.load()
        assert folder.rejects() == [
            ("people.csv", 2, "tiene 2 columnas en vez de 14"),
            ("people.csv", 4, "tiene 15 columnas en vez de 14"),
        ]

    def test_a_line_in_another_encoding_does_not_spoil_its_neighbours(self, folder: RegistryFolder) -> None:
        wrong = folder.line("people.csv", cuil=PABLO, surname="Núñez").encode("latin-1")
        good = folder.line("people.csv", cuil=MARTA, surname="Núñez").encode()
        folder.text("people.csv", folder.header("people.csv").encode() + wrong + good)
        folder.load()
        assert folder.rejects() == [("people.csv", 2, "no está en UTF-8")]
        assert Person.objects.get().surname == "Núñez"

    @pytest.mark.parametrize("end", ["\n", ""])
    def test_a_stray_quote_costs_its_own_line_only(self, folder: RegistryFolder, end: str) -> None:
        stray = folder.line("people.csv", cuil=MARTA).replace("Peralta", '"Peralta')
        good = folder.line("people.csv", cuil=PABLO) + folder.line("people.csv", cuil=ROSA)
        folder.text("people.csv", folder.header("people.csv") + stray + good.rstrip("\n") + end)
        folder.load()
        assert folder.rejects() == [("people.csv", 2, "hay una comilla sin cerrar")]
        assert set(Person.objects.values_list("cuil", flat=True)) == {PABLO, ROSA}

    def test_lines_are_counted_as_an_editor_counts_them(self, folder: RegistryFolder) -> None:
        folder.people({"cuil": MARTA, "street": "Mitre 1\nfondo\nizquierda"}, {"cuil": PABLO, "sex": ""})
        folder.load()
        assert folder.rejects() == [("people.csv", 5, "sex: falta")]

    def test_a_value_of_ten_megabytes_is_one_reject(self, folder: RegistryFolder) -> None:
        huge = folder.line("people.csv", cuil=MARTA, surname="P" * 10_000_000)
        good = folder.line("people.csv", cuil=PABLO)
        folder.text("people.csv", folder.header("people.csv") + huge + good)
        folder.load()
        assert folder.rejects() == [("people.csv", 2, "la línea es demasiado larga")]
        assert Person.objects.get().cuil == PABLO

    def test_a_line_longer_than_allowed_is_cut_no_matter_where_it_stands(
        self, folder: RegistryFolder
    ) -> None:
        long = folder.line("people.csv", cuil=MARTA, surname="P" * (LONGEST + 1))
        folder.text("people.csv", folder.header("people.csv") + long.rstrip("\n"))
        folder.load()
        assert folder.rejects() == [("people.csv", 2, "la línea es demasiado larga")]

    def test_a_rejected_person_takes_their_facts_along(self, folder: RegistryFolder) -> None:
        folder.people({"cuil": MARTA, "sex": "Q"}, {"cuil": PABLO})
        folder.facts({"cuil": MARTA}, {"cuil": PABLO})
        folder.load()
        assert [line for file, line, _ in folder.rejects() if file == "facts.csv"] == [2]

    def test_the_reasons_never_repeat_what_the_rows_say(
        self, folder: RegistryFolder, capsys: pytest.CaptureFixture[str]
    ) -> None:
        folder.people(
            {"cuil": "27999999999", "surname": "Secretísima"}, {"cuil": MARTA, "sex": "Secretísima"}
        )
        folder.facts({"cuil": make_cuil(40555666), "value": "Secretísima"})
        call_command("import_registry", folder.path)
        said = capsys.readouterr().out + (folder.path / "rejects.csv").read_text()
        for secret in ("Secret", "27999999999", MARTA, make_cuil(40555666)):
            assert secret not in said

    def test_where_the_folder_cannot_be_written_the_reasons_go_elsewhere(
        self,
        folder: RegistryFolder,
        monkeypatch: pytest.MonkeyPatch,
        tmp_path_factory: pytest.TempPathFactory,
    ) -> None:
        monkeypatch.setenv("TMPDIR", str(tmp_path_factory.mktemp("elsewhere")))
        monkeypatch.setattr("tempfile.tempdir", None)
        (folder.path / "rejects.csv").mkdir()  # as unwritable as a file can be made for root, too
        folder.people({"cuil": MARTA, "sex": ""})
        said = folder.load().rejects
        assert said.startswith(f"No se pudo escribir en {folder.path}")
        assert Path(said.rpartition(" ")[2]).read_text().endswith("people.csv,2,sex: falta\n")

    def test_rejects_of_an_earlier_run_do_not_stay(self, folder: RegistryFolder) -> None:
        folder.people({"cuil": MARTA, "sex": ""})
        folder.load()
        folder.people({"cuil": MARTA})
        assert folder.load().rejects == ""
        assert not (folder.path / "rejects.csv").exists()


# --- The quick way and the careful way agree ------------------------------------------------------


@given(st.from_regex(r"2[03-7][0-9]{9}", fullmatch=True))
def test_check_digits_in_bulk_agree_with_those_one_by_one(digits: str) -> None:
    try:
        alone = bool(Cuil.parse(digits))
    except InvalidCuil:
        alone = False
    assert bool(check_digits.are_right([digits])[0]) is alone


ANY_COLUMN = st.sampled_from([column for file in FILES for column in file.columns if not column.is_cuil])


@given(st.data())
def test_whatever_a_pattern_takes_the_check_takes_unchanged(data: st.DataObject) -> None:
    column = data.draw(ANY_COLUMN)
    value = data.draw(st.from_regex(column.pattern, fullmatch=True))
    assert column.read(value) == value


VALUES = st.one_of(
    st.text(max_size=12),
    st.sampled_from(["", " ", '"', '""', ",", "\r", "\n", "\0", "ñ", "Ã±", "\ufeff", "1983-05-17", MARTA]),
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=200)
@given(rows=st.lists(st.lists(VALUES, max_size=6), max_size=8))
def test_whatever_stands_in_a_file_every_row_is_taken_or_turned_away_once(
    rows: list[list[str]], tmp_path: Path
) -> None:
    stream = io.StringIO()
    csv.writer(stream, quoting=csv.QUOTE_ALL, lineterminator="\n").writerows(rows)
    path = tmp_path / "people.csv"
    header = ",".join(column.name for column in PEOPLE.columns) + "\n"
    path.write_text(header + stream.getvalue(), encoding="utf-8", errors="replace", newline="")
    turned_away: list[int] = []
    reader = Reader(PEOPLE, path, lambda line, _reason: turned_away.append(line))
    taken = [line for batch in reader.batches() for line, _ in batch]
    assert len(taken) + len(turned_away) == reader.read
    assert len({*taken, *turned_away}) == reader.read
