"""How often something may be tried. Counted in the database, exactly, and before the secret is looked at.

One statement counts and decides: twenty tries at the same instant pass a limit of three exactly
three times, on PostgreSQL and on SQLite.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from guards import shut
from guards.keyed import COUNTS, stored_hash, stored_hashes
from guards.models import Counter
from guards.signals import refused


class LimitReached(Exception):
    """Too many tries. `opens_at` says from when on the next one counts."""

    def __init__(self, limit: "Limit", opens_at: datetime) -> None:
        super().__init__(limit.name)
        self.limit = limit
        self.opens_at = opens_at

    @property
    def minutes_left(self) -> int:
        """Whole minutes to wait, at least 1."""
        seconds = (self.opens_at - timezone.now()).total_seconds()
        return max(1, int(-(-seconds // 60)))


@dataclass(frozen=True)
class Limit:
    """`free` tries within `window`; then shut until the window ends or, with `waits`, for a time
    that grows with each further try."""

    name: str
    free: int
    window: timedelta
    waits: tuple[timedelta, ...] = ()
    # Counted per network address: whoever floods is refused without the database, where there is a Redis.
    by_address: bool = False

    def key(self, *who: str) -> str:
        return stored_hash(COUNTS, self.name, *who)

    def _adopt(self, *who: str) -> str:
        """The counter's key; what was counted under a data key before is counted on under it."""
        key, *before = stored_hashes(COUNTS, self.name, *who)
        if len(before) > 1:  # besides that of today without its mark
            known = Counter.objects.filter(key=key)
            # One at most: of a key that was left out for a while there may be another.
            latest = Counter.objects.filter(key__in=before).order_by("-resets_at").values("key")[:1]
            Counter.objects.filter(~models.Exists(known), key=models.Subquery(latest)).update(key=key)
        return key

    def spend(self, *who: str) -> int:
        """Count one try. Returns how many it is of this window.

        Raises:
            LimitReached: nothing was counted, the try must not take place.
        """
        if self.by_address and (opens_at := shut.opens_at(self, *who)):
            raise self._refused(opens_at)
        now = timezone.now()
        with transaction.atomic(savepoint=False), connection.cursor() as cursor:
            key = self._adopt(*who)
            cursor.execute(*self._upsert(key, now))
            if counted := cursor.fetchone():
                used: int = counted[0]
                return used
            # In the same transaction: afterwards somebody may have forgotten the row.
            opens_at = Counter.objects.values_list("opens_at", flat=True).get(key=key)
        if self.by_address:
            shut.remember(self, opens_at, *who)
        raise self._refused(opens_at)

    def _refused(self, opens_at: datetime) -> LimitReached:
        refused.send(type(self), limit=self.name)
        return LimitReached(self, opens_at)

    def left(self, *who: str) -> int:
        """Free tries that remain in the running window."""
        counter = Counter.objects.filter(key=self._adopt(*who), resets_at__gt=timezone.now()).first()
        return max(0, self.free - counter.used) if counter else self.free

    def give_back(self, *who: str) -> None:
        """Uncount one try of the running window: it turned out to be one that should not count."""
        now = timezone.now()
        running = Counter.objects.filter(key=self._adopt(*who), resets_at__gt=now, used__gt=0)
        running.update(used=models.F("used") - 1, opens_at=now)
        self._reopen(*who)

    def forget(self, *who: str) -> None:
        """Start anew: the right secret was given, or staff reset it."""
        with connection.cursor() as cursor:
            cursor.execute("DELETE FROM guards_counter WHERE key = %s", [self._adopt(*who)])
        self._reopen(*who)

    def _reopen(self, *who: str) -> None:
        if self.by_address:
            shut.forget(self, *who)

    def _upsert(self, key: str, now: datetime) -> tuple[str, list[Any]]:
        start = now if self.free > 1 else self._opens_after(1, now)
        steps, step_params = self._opens_case(now)
        moment = _adapt
        sql = f"""
            INSERT INTO guards_counter (key, used, resets_at, opens_at) VALUES (%s, 1, %s, %s)
            ON CONFLICT (key) DO UPDATE SET
                used = CASE WHEN guards_counter.resets_at <= %s THEN 1
                            ELSE guards_counter.used + 1 END,
                resets_at = CASE WHEN guards_counter.resets_at <= %s THEN excluded.resets_at
                                 ELSE guards_counter.resets_at END,
                opens_at = CASE WHEN guards_counter.resets_at <= %s THEN excluded.opens_at
                                {steps} END
            WHERE guards_counter.resets_at <= %s OR guards_counter.opens_at <= %s
               OR guards_counter.used < %s
            RETURNING used
        """  # noqa: S608 - `steps` is made of fixed text and placeholders
        params = [key, moment(now + self.window), moment(start)]
        # The free tries go by their number: of two at once, the one counted last may be the older.
        params += [moment(now)] * 3 + step_params + [moment(now)] * 2 + [self.free]
        return sql, params

    def _opens_after(self, used: int, now: datetime) -> datetime:
        """When the next try is open after `used` tries of this window, waits apart from the window."""
        if used < self.free:
            return now
        if not self.waits:
            return now + self.window
        return now + self.waits[min(used - self.free, len(self.waits) - 1)]

    def _opens_case(self, now: datetime) -> tuple[str, list[Any]]:
        """The branches of CASE for a row whose window still runs; `used` is the count before this try."""
        used = "guards_counter.used + 1"
        branches, params = [f"WHEN {used} < %s THEN %s"], [self.free, _adapt(now)]
        if not self.waits:
            return " ".join([*branches, "ELSE guards_counter.resets_at"]), params
        for number, wait in enumerate(self.waits[:-1]):
            branches.append(f"WHEN {used} = %s THEN %s")
            params += [self.free + number, _adapt(now + wait)]
        params.append(_adapt(now + self.waits[-1]))
        return " ".join([*branches, "ELSE %s"]), params


def _adapt(moment: datetime) -> Any:
    """A moment as this database stores it."""
    field: models.DateTimeField = models.DateTimeField()
    return field.get_db_prep_value(moment, connection)


def sweep() -> int:
    """Drop the counters whose window is over and that hold nobody back."""
    now = timezone.now()
    return Counter.objects.filter(resets_at__lte=now, opens_at__lte=now).delete()[0]
