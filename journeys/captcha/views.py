"""The picture, the same code spoken, and another one."""

import re

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe

from journeys.captcha.challenge import digits_of, issue
from journeys.captcha.image import draw
from journeys.captcha.voice import speak

PRIVATE = {"Cache-Control": "no-store"}
# Read by whoever opens the sound by its address: their browser may have no words for 410.
GONE = "El código venció. En la página del formulario, elegí «Cambiar la imagen».\n"
# Nine digits are more than any file of ours has; Python refuses to read thousands of them.
ONE_RANGE = re.compile(r"bytes=(?!-$)([0-9]{0,9})-([0-9]{0,9})")


@require_safe
def image(request: HttpRequest, key: str) -> HttpResponse:
    """410 for a code that was used, is too old or never was: the answer does not tell which."""
    digits = digits_of(key)
    if digits is None:
        return HttpResponse(status=410, headers=PRIVATE)
    return HttpResponse(draw(digits, key), content_type="image/png", headers=PRIVATE)


@require_safe
def audio(request: HttpRequest, key: str) -> HttpResponse:
    """What the picture shows, spoken; 410 as for the picture. Hearing it uses nothing up."""
    digits = digits_of(key)
    if digits is None:
        return HttpResponse(GONE, status=410, content_type="text/plain; charset=utf-8", headers=PRIVATE)
    return _as_asked(request, speak(digits, key))


def _as_asked(request: HttpRequest, sound: bytes) -> HttpResponse:
    """All of it, or the part that was asked for (RFC 9110, 14): without parts Safari plays nothing.

    Several parts at once may be answered with the whole, and are.
    """
    size = len(sound)
    response = HttpResponse(sound, content_type="audio/wav", headers=PRIVATE | {"Accept-Ranges": "bytes"})
    asked = ONE_RANGE.fullmatch(request.headers.get("Range", ""))
    if request.method != "GET" or asked is None or "If-Range" in request.headers:
        return response
    first, last = asked.groups()
    if not first:  # the last so many bytes
        first, last = str(max(0, size - int(last or 0))), ""
    start, end = int(first), min(int(last or size), size - 1)
    if start >= size:
        response.status_code, response.content = 416, b""
        response.headers["Content-Range"] = f"bytes */{size}"
    elif start <= end:
        response.status_code, response.content = 206, sound[start : end + 1]
        response.headers["Content-Range"] = f"bytes {start}-{end}/{size}"
    return response


@require_safe
def new(request: HttpRequest) -> HttpResponse:
    """For the page's own script alone; without it «Cambiar la imagen» loads the page again."""
    asked_by_script = request.headers.get("X-Requested-With") == "XMLHttpRequest"
    if not asked_by_script and "application/json" not in request.headers.get("Accept", ""):
        raise Http404
    challenge = issue(request)
    answer = {"key": challenge.key, "image_url": challenge.image_url, "audio_url": challenge.audio_url}
    return JsonResponse(answer, headers=PRIVATE)
