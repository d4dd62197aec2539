"""What the portal does, in numbers without anybody's name: labels are words of the code, no visitor's."""

import logging
import os
from collections.abc import Callable, Iterator
from functools import lru_cache, wraps
from pathlib import Path
from typing import Any, ParamSpec

from django.conf import settings
from django.dispatch import receiver
from django.http import HttpRequest
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, values
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from guards.signals import compared, full, happened, refused
from operation.checks import Report
from operation.places import Places

if settings.PORTAL_METRICS_DIR:
    # Before the first counter is made: which kind of value it gets is decided there.
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = settings.PORTAL_METRICS_DIR
    _places = Places(Path(settings.PORTAL_METRICS_DIR))
    values.ValueClass = values.MultiProcessValue(_places)  # type: ignore[no-untyped-call]

_METHODS = frozenset({"GET", "HEAD", "POST", "OPTIONS"})
# Seconds. A page without a secret takes some hundredths, one with it some tenths; 15 is the longest promised.
_BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15)
_OWN = CollectorRegistry()

requests = Counter("clave_requests", "Pedidos", ["view", "method", "status"], registry=_OWN)
durations = Histogram("clave_request_seconds", "Duración", ["view"], buckets=_BUCKETS, registry=_OWN)
overloaded = Counter("clave_overloaded", "Respuestas 503", ["view"], registry=_OWN)
full_places = Counter("clave_full", "Pedidos que no encontraron lugar", ["place"], registry=_OWN)
events = Counter("clave_events", "Eventos de la auditoría", ["kind"], registry=_OWN)
keys = Counter("clave_keys_compared", "Claves comparadas", ["outcome"], registry=_OWN)
limits = Counter("clave_limit_refusals", "Intentos rechazados por un límite", ["limit"], registry=_OWN)


P = ParamSpec("P")
_log = logging.getLogger(__name__)


def _or_not_at_all(count: Callable[P, None]) -> Callable[P, None]:
    """A folder that is gone costs a number, and no visitor the answer to what was done already."""

    @wraps(count)
    def counted(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            count(*args, **kwargs)
        except OSError as error:
            _tell(type(error).__name__)

    return counted


@lru_cache(maxsize=8)
def _tell(kind: str) -> None:
    """Once a process, not once a request."""
    _log.error("what happens is not counted: %s in PORTAL_METRICS_DIR", kind)


@_or_not_at_all
def count_request(request: HttpRequest, status: int, seconds: float) -> None:
    """One request that was answered."""
    match = request.resolver_match
    view = (match.view_name if match else "") or "-"
    method = request.method if request.method in _METHODS else "-"
    requests.labels(view, method, f"{status // 100}xx").inc()
    durations.labels(view).observe(seconds)
    if status == 503:
        overloaded.labels(view).inc()


@receiver(refused)
@_or_not_at_all
def _count_refusal(limit: str, **_: Any) -> None:
    limits.labels(limit).inc()


@receiver(compared)
@_or_not_at_all
def _count_compared(*, right: bool, **_: Any) -> None:
    keys.labels("right" if right else "wrong").inc()


@receiver(full)
@_or_not_at_all
def _count_full(place: str, **_: Any) -> None:
    full_places.labels(place).inc()


@receiver(happened)
@_or_not_at_all
def _count_events(kinds: dict[str, int], **_: Any) -> None:
    for kind, number in kinds.items():
        events.labels(kind).inc(number)


class _OfTheDatabase(Collector):
    """What the checks found, and what the jobs of the night counted."""

    def __init__(self, report: Report) -> None:
        self._report = report

    def collect(self) -> Iterator[Metric]:
        well = GaugeMetricFamily("clave_check_ok", "1: el control está bien", labels=["check"])
        for verdict in self._report.verdicts:
            well.add_metric([verdict.check], float(verdict.well))
        yield well
        done = CounterMetricFamily("clave_jobs", "Lo que hicieron las tareas", labels=["job"])
        when = GaugeMetricFamily("clave_job_last_seconds", "Cuándo fue la última vez", labels=["job"])
        for job, (number, last) in self._report.jobs.items():
            done.add_metric([job], number)
            when.add_metric([job], last.timestamp())
        yield done
        yield when


def exposition(report: Report) -> bytes:
    """All of it, of all processes that share `PORTAL_METRICS_DIR`, in Prometheus's text format."""
    whole = CollectorRegistry()
    whole.register(_OfTheDatabase(report))
    if settings.PORTAL_METRICS_DIR:
        MultiProcessCollector(whole)  # type: ignore[no-untyped-call]
    return generate_latest(whole) + (b"" if settings.PORTAL_METRICS_DIR else generate_latest(_OWN))
