"""Seconds of purge_expired_keys beside raw SQL, and how long others waited for either.

    python bench/purge.py [--keys 1000000] [--rounds 1]

One key in ten is pending and overdue, three in ten are pending in time, six are enabled. Each has the event
of its birth, and in one of two databases each pending one an address. P9, P10: without addresses, beside
the least that could be done, one raw DELETE of the same keys, which writes no event and erases no column.
P9m: with addresses, beside raw SQL that makes the same writes: the row erased, an event and a mail for each.
That is one statement on PostgreSQL and three in one transaction on SQLite, which has no such statement; it
copies the seal of the event before instead of computing one, and renders nothing.

Each measurement is a process of its own on a copy of the same database: an SQLite file, and databases of the
PostgreSQL server named by DATABASE_URL, if it names one. Meanwhile another process writes a row of another
table every 5 ms: its longest wait is the longest that the lock was held.
"""

import argparse
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from _budgets import Figure
from _databases import Database, Sqlite, django_setup, kinds, maker, on

SCRATCH, FULL = "clave_bench_purge", "clave_bench_purge_full"

# --- The database, full ---------------------------------------------------------------------------

_SERIES = {
    "postgresql": "SELECT n FROM generate_series(1, %s) AS n",
    "sqlite": "WITH RECURSIVE s(n) AS (VALUES(1) UNION ALL SELECT n+1 FROM s WHERE n < %s) SELECT n FROM s",
}
_KEYS = """
    INSERT INTO accounts_clave (id, cuil, state, password, seal, created_at, state_since, deadline,
        policies_version, policies_accepted_at, form_number, email, former_email, former_passwords,
        secret_since, country, address_abroad, phone)
    SELECT n, 20000000000 + n, CASE WHEN {pending} THEN 'pending' ELSE 'level_2' END,
        'argon2$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHRzYWx0c2FsdA$0123456789012345678901234567890123456789012',
        '0123456789abcdef0123456789abcdef', %s, %s,
        CASE WHEN {late} THEN {overdue} WHEN {pending} THEN {in_time} END, '2019', %s,
        CASE WHEN {pending} THEN {number} ELSE '' END,
        CASE WHEN {told} THEN 'persona' || n || '@ejemplo.ar' ELSE '' END, '', '[]',
        %s, '', '', ''
    FROM ({series}) AS numbers
"""
_EVENTS = """
    INSERT INTO accounts_claveevent (cuil, seq, kind, at, clave_number, source, target, actor, staff_id,
        office, address, evidence, mac)
    SELECT cuil, 1, 'create_pending', created_at, id, '', 'pending', 'visitor', NULL, '', '10.0.0.1', '{}',
        '0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef'
    FROM accounts_clave
"""


def fill(keys: int, one_in: int = 10, *, events: bool = True, mails: bool = True) -> None:
    """That many keys, one in `one_in` overdue; the pending ones with an address, if there are to be mails."""
    django_setup()
    from django.db import connection, transaction
    from django.utils import timezone

    there = connection.vendor == "postgresql"
    pending = f"(n %% {one_in} = 0 OR n %% 10 IN (1, 2, 3))"
    sql = _KEYS.format(
        series=_SERIES[connection.vendor],
        late=f"n %% {one_in} = 0",
        pending=pending,
        told=pending if mails else "n < 0",
        overdue="current_date - 1" if there else "date('now', '-1 day', '-3 hours')",
        in_time="current_date + 1 + n::int %% 89"
        if there
        else "date('now', '+' || (1 + n %% 89) || ' days')",
        number="lpad(n::text, 13, '0')" if there else "printf('%%013d', n)",
    )
    now = timezone.now()
    with transaction.atomic(), connection.cursor() as cursor:
        if there:
            cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(sql, [now, now, now, now, keys])
        if events:
            cursor.execute(_EVENTS)
    with connection.cursor() as cursor:
        if there:
            cursor.execute("SET statement_timeout = 0")
        cursor.execute("VACUUM ANALYZE" if there else "ANALYZE")
        if not there:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


# --- Measured, each in its own process ------------------------------------------------------------


def ours() -> int:
    from django.utils import timezone

    from accounts.purge import purge

    return purge(timezone.localdate()).expired


_EVENT = """
    INSERT INTO accounts_claveevent (cuil, seq, kind, at, clave_number, source, target, actor, staff_id,
        office, address, evidence, mac)
    SELECT due.cuil, last.seq + 1, 'expire', CURRENT_TIMESTAMP, due.id, 'pending', 'expired', 'system', NULL,
        '', '', '{}', last.mac
"""
_MAIL = """
    INSERT INTO post_office_email (from_email, "to", cc, bcc, subject, message, html_message, status,
        priority, created, last_updated, backend_alias, context)
    SELECT 'no-responder@ejemplo.ar', email, '', '', '', '', '', 2,
        0, CURRENT_TIMESTAMP, CURRENT_TIMESTAMP, '',
        '{"mail": "expired", "subject": "Tu Clave de la Seguridad Social venció", "cuil": "20-•••••678-6"}'
"""
_UPDATE = """
    UPDATE accounts_clave SET state = 'expired', state_since = CURRENT_TIMESTAMP, deadline = NULL,
        password = '', former_passwords = '[]', email = '', email_confirmed_at = NULL, former_email = '',
        email_changed_at = NULL, country = '', address_abroad = '', phone = ''
"""
_DUE = "state = 'pending' AND deadline < CURRENT_DATE"
_LAST = "(SELECT max(seq) FROM accounts_claveevent AS e WHERE e.cuil = due.cuil)"


def delete() -> int:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL statement_timeout = 0")
        cursor.execute(f"DELETE FROM accounts_clave WHERE {_DUE}")
        return cursor.rowcount


def same_writes() -> int:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL statement_timeout = 0")
            cursor.execute(
                f"""WITH was AS (SELECT id, cuil, email FROM accounts_clave WHERE {_DUE} FOR UPDATE),
                due AS ({_UPDATE.replace("accounts_clave", "accounts_clave AS c", 1)} FROM was
                        WHERE c.id = was.id RETURNING was.*),
                told AS ({_EVENT} FROM due JOIN accounts_claveevent AS last
                         ON last.cuil = due.cuil AND last.seq = {_LAST})
                {_MAIL} FROM due"""
            )
            return cursor.rowcount
        cursor.execute(
            f"{_EVENT} FROM accounts_clave AS due JOIN accounts_claveevent AS last"
            f" ON last.cuil = due.cuil AND last.seq = {_LAST} WHERE due.{_DUE}"
        )
        cursor.execute(f"{_MAIL} FROM accounts_clave WHERE {_DUE}")
        cursor.execute(f"{_UPDATE} WHERE {_DUE}")
        return cursor.rowcount


def writer() -> float:
    """Writes until its input ends; the longest wait in milliseconds."""
    import select

    from django.db import connection

    longest = 0.0
    sql = (
        "INSERT INTO guards_counter (key, used, resets_at, opens_at) VALUES ('bench', 1, %s, %s)"
        " ON CONFLICT (key) DO UPDATE SET used = guards_counter.used + 1"
    )
    from django.utils import timezone

    now = timezone.now()
    print("ready", flush=True)
    while not select.select([sys.stdin], [], [], 0.005)[0]:
        start = time.perf_counter()
        with connection.cursor() as cursor:
            cursor.execute(sql, [now, now])
        longest = max(longest, time.perf_counter() - start)
    return longest * 1000


def measure(what: str) -> dict:
    django_setup()
    start = time.perf_counter()
    done = {"ours": ours, "delete": delete, "same writes": same_writes, "writer": writer}[what]()
    return {"done": done, "seconds": time.perf_counter() - start}


# --- The run --------------------------------------------------------------------------------------


def child(what: str, url: str) -> subprocess.Popen:
    command = [sys.executable, __file__, "--measure", what]
    return subprocess.Popen(command, env=on(url), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)


def measured(what: str, url: str) -> dict:
    """Seconds, keys expired, and the other writer's longest wait in milliseconds."""
    other = child("writer", url)
    other.stdout.readline()
    mine = child(what, url)
    found = json.loads(mine.communicate()[0].splitlines()[-1])
    waited = json.loads(other.communicate("stop\n")[0].splitlines()[-1])["done"]
    return found | {"waited": waited}


def one_round(full: Database, scratch: Database, beside: str) -> dict[str, dict]:
    found = {}
    for what in (beside, "ours"):
        scratch.copy_from(full)
        found[what] = measured(what, scratch.url)
    assert found[beside]["done"] == found["ours"]["done"], found
    return found


def report(database: Database, rounds: list[dict[str, dict]]) -> tuple[Figure, Figure]:
    """Of the seconds, and of the other writer's longest wait; the yardstick came first in each round."""
    beside = next(iter(rounds[0]))
    done = rounds[0][beside]["done"]
    seconds, waited = (
        {what: statistics.median(one[what][figure] for one in rounds) for what in (beside, "ours")}
        for figure in ("seconds", "waited")
    )
    for what, label in ((beside, f"raw SQL, {beside}"), ("ours", "purge_expired_keys")):
        print(
            f"{database.name:11}{label:27}{done:9,}{seconds[what]:9.2f}{seconds[what] / seconds[beside]:8.2f}"
            f"{waited[what]:15.0f}{waited[what] / waited[beside]:8.2f}"
        )
    size = f"{done:,} keys"
    return (
        Figure("P9" if beside == "delete" else "P9m", seconds["ours"], seconds[beside], "s", size),
        Figure("P10", waited["ours"], waited[beside], "ms", size),
    )


def one_kind(make: Callable[[str], Database], keys: int, rounds: int) -> list[Figure]:
    """P9; P10, where writers wait for each other; P9m, which explains P9 and is measured once."""
    full, scratch = make(FULL), make(SCRATCH)
    found: dict[str, tuple[Figure, Figure]] = {}
    try:
        for beside, mails, times in (("delete", [], rounds), ("same writes", ["--mails"], 1)):
            full.fresh()
            command = [sys.executable, __file__, "--fill", str(keys), *mails]
            subprocess.run(command, env=on(full.url), check=True)
            found[beside] = report(full, [one_round(full, scratch, beside) for _ in range(times)])
    finally:
        scratch.drop()
        full.drop()
    (time, wait), (with_mails, _) = found["delete"], found["same writes"]
    return [time, *[wait] * isinstance(full, Sqlite), with_mails]


def figures(*, full: bool) -> list[Figure]:
    with tempfile.TemporaryDirectory(prefix="clave-bench-") as folder:
        return one_kind(maker(Path(folder)), *((1_000_000, 3) if full else (100_000, 3)))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--keys", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    parser.add_argument("--fill", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--mails", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.fill:
        fill(options.fill, mails=options.mails)
        return
    if options.measure:
        print(json.dumps(measure(options.measure)))
        return
    with tempfile.TemporaryDirectory(prefix="clave-bench-") as name:
        print(f"\n{options.keys:,} keys, one in ten overdue{'':13}expired  seconds   ratio  longest wait, ms")
        for make in kinds(Path(name)):
            one_kind(make, options.keys, options.rounds)


if __name__ == "__main__":
    main()
