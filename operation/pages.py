"""What programs ask the portal about itself."""

import json
from dataclasses import asdict

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST

from operation.access import is_ours
from operation.metrics import exposition
from operation.readiness import readiness


@require_safe
def alive(request: HttpRequest) -> HttpResponse:
    """The process answers. Nothing is touched: who asks is a balancer, every second."""
    return HttpResponse("vivo\n", content_type="text/plain; charset=utf-8")


@require_safe
def ready(request: HttpRequest) -> HttpResponse:
    """200 or 503. What was found is told to our own networks; to anybody else only which of the two."""
    report = readiness.report()
    status = 200 if report.well else 503
    if not is_ours(request):
        word = "listo\n" if status == 200 else "no listo\n"
        return HttpResponse(word, status=status, content_type="text/plain; charset=utf-8")
    lines = [json.dumps(asdict(verdict), ensure_ascii=False) for verdict in report.verdicts]
    return HttpResponse("\n".join(lines) + "\n", status=status, content_type="application/x-ndjson")


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """The numbers, for our own networks; to anybody else there is no such page."""
    if not is_ours(request):
        raise Http404
    return HttpResponse(exposition(readiness.report()), content_type=CONTENT_TYPE_LATEST)
