"""Many rows at once are the rows that one by one would have been."""

import json

import pytest
from django.utils import timezone
from post_office.models import STATUS, Email

from accounts.events import ClaveEvent
from guards.bulk import insert, insert_like
from guards.models import Counter
from tests.builders import make_cuil

pytestmark = pytest.mark.django_db


def columns(row: object) -> dict[str, object]:
    return {k: v for k, v in vars(row).items() if k not in {"id", "_state", "_cached_email_message"}}


@pytest.mark.parametrize("count", [1, 19, 20, 500])
def test_what_was_inserted_is_what_is_read(count: int) -> None:
    events = [
        ClaveEvent(
            cuil=make_cuil(31000000 + n),
            seq=n + 1,
            kind="expire",
            at=timezone.now(),
            clave_number=n or None,
            actor="system",
            evidence={"ñ": [n, None, "'; --", "\\"]},
            mac=f"{n:064x}",
        )
        for n in range(count)
    ]
    insert(events)
    assert [columns(e) for e in ClaveEvent.objects.order_by("seq")] == [columns(e) for e in events]


def test_columns_that_are_the_same_in_all_rows_keep_their_kind() -> None:
    insert(
        [
            Email(
                from_email="a@ejemplo.ar",
                to=[f"n{n}@ejemplo.ar"],
                context={"mail": "expired"},
                status=STATUS.queued,
                scheduled_time=timezone.now() if n % 2 else None,
            )
            for n in range(40)
        ]
    )
    rows = list(Email.objects.order_by("pk"))
    assert [row.to for row in rows] == [[f"n{n}@ejemplo.ar"] for n in range(40)]
    assert {json.dumps(row.context) for row in rows} == {'{"mail": "expired"}'}
    assert {(row.number_of_retries, row.headers, row.cc) for row in map(_plain, rows)} == {(None, None, "")}
    assert [row.scheduled_time is None for row in rows] == [True, False] * 20
    assert all(row.created for row in rows)


def _plain(row: Email) -> Email:
    row.cc = ",".join(row.cc or [])
    return row


def test_rows_with_a_key_of_their_own_are_refused_rather_than_written_without_it() -> None:
    rows = [
        Counter(key=f"{n:064x}", used=1, resets_at=timezone.now(), opens_at=timezone.now()) for n in range(30)
    ]
    with pytest.raises(ValueError, match="primary key"):
        insert(rows)


def test_columns_of_different_length_write_nothing() -> None:
    pattern = Email(from_email="a@ejemplo.ar", status=STATUS.queued)
    with pytest.raises(ValueError, match="shorter"):
        insert_like(pattern, to=[["a@e.ar"], ["b@e.ar"]], context=[{}])
    assert not Email.objects.exists()
