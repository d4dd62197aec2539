"""The picture, and another one."""

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET, require_safe

from journeys.captcha.challenge import digits_of, issue
from journeys.captcha.image import draw

PRIVATE = {"Cache-Control": "no-store"}


@require_safe
def image(request: HttpRequest, key: str) -> HttpResponse:
    """410 for a code that was used, is too old or never was: the answer does not tell which."""
    digits = digits_of(key)
    if digits is None:
        return HttpResponse(status=410, headers=PRIVATE)
    return HttpResponse(draw(digits, key), content_type="image/png", headers=PRIVATE)


@require_GET
def new(request: HttpRequest) -> HttpResponse:
    """For the page's own script alone; without it «Cambiar la imagen» loads the page again."""
    asked_by_script = request.headers.get("X-Requested-With") == "XMLHttpRequest"
    if not asked_by_script and "application/json" not in request.headers.get("Accept", ""):
        raise Http404
    challenge = issue(request)
    answer = {"key": challenge.key, "image_url": challenge.image_url}
    return JsonResponse(answer, headers=PRIVATE)
