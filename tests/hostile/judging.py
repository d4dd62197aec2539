"""What every answer has to be like, whatever was asked."""

import re
from urllib.parse import urljoin, urlsplit

from django.http import HttpResponse

from tests.hostile.texts import ELSEWHERE, MARK
from tests.test_architecture import expect_every_header

# What a library says to whoever sends it nonsense, or a program when it breaks.
_FOREIGN = re.compile(
    r"Traceback|Exception|Not Allowed|Bad Request|Not Found|Forbidden|Server Error|Django|&lt;class"
)
_LEADS_AWAY = re.compile(
    rf"""(?:href|src|action|content|poster)=["']?\s*(?:[a-z]+:)?(?://)?{re.escape(ELSEWHERE)}""", re.I
)
_SCRIPTED = re.compile(r"""(?:href|src|action)=["']?\s*(?:javascript|data:text)""", re.I)


def judge(response: HttpResponse) -> None:
    """No failure, every header, Spanish, what was sent only as text, and no way out of the portal."""
    assert response.status_code < 500, response.status_code
    expect_every_header(response)
    for name, value in response.items():
        assert "\r" not in value, name
        assert "\n" not in value, name
        assert name.lower() not in {"zq", "server", "x-powered-by", "access-control-allow-origin"}, name
    if "Location" in response:
        judge_redirect(response["Location"])
    content = b"" if response.streaming else response.content
    if content and response["Content-Type"].startswith("text/html"):
        judge_page(content.decode())
    elif response.status_code >= 400 and response.status_code not in {410, 416}:
        assert not content, content[:200]


def judge_redirect(location: str) -> None:
    whole = urlsplit(urljoin("https://testserver/", location))
    assert (whole.scheme, whole.hostname) == ("https", "testserver"), location


def judge_page(page: str) -> None:
    assert '<html lang="es-AR"' in page, page[:300]
    assert MARK not in page.lower(), page[max(0, page.lower().index(MARK) - 200) :][:400]
    for pattern in (_LEADS_AWAY, _SCRIPTED):
        found = pattern.search(page)
        assert not found, page[max(0, found.start() - 200) :][:400]
    said = re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", page))
    assert not (foreign := _FOREIGN.search(said)), said[max(0, foreign.start() - 100) :][:300]
