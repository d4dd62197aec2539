"""What every template must keep to: the security policy, and texts that are law.

What they say is read by scripts/lint_spanish.py (tests/test_spanish.py).
"""

import gzip
import hashlib
import html
import re
from pathlib import Path

import pytest
from django.conf import settings
from django.template.loader import get_template, render_to_string

from accounts.models import PolicyVersion
from journeys.pages.information import NOTICES

TEMPLATES = Path(settings.BASE_DIR) / "templates"
STATIC = Path(settings.BASE_DIR) / "static"
FILES = sorted(TEMPLATES.rglob("*.html"))
# Legal text of the guide of 2019.
POLICIES_SHA256 = "9632b44745264add15da573671b033dd661b1ad115419486fd84b9e2974ada6e"

FORBIDDEN_MARKUP = {
    "an inline style": r"<style|\sstyle\s*=",
    "an inline script": r"<script(?![^>]*\ssrc=)",
    "an inline handler": r"\son[a-z]+\s*=",
    "a script address": r"javascript:",
    "unescaped text": r"\|\s*safe\b|autoescape off",
    "a file of another site": r"(src|href)=\"(https?:)?//",
    "a comment of more than one line": r"\{#(?!.*#\})",
}


def name_of(path: Path) -> str:
    return path.relative_to(TEMPLATES).as_posix()


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_a_template_needs_no_exception_from_the_security_policy(path: Path) -> None:
    source = path.read_text()
    found = [what for what, pattern in FORBIDDEN_MARKUP.items() if re.search(pattern, source)]
    assert not found


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_every_form_that_changes_something_carries_the_csrf_token(path: Path) -> None:
    source = path.read_text()
    assert source.count('method="post"') == source.count("{% csrf_token %}")


@pytest.mark.parametrize("path", sorted((TEMPLATES / "components").iterdir()), ids=name_of)
def test_a_component_begins_by_stating_its_parameters(path: Path) -> None:
    assert path.read_text().startswith("{# ")


@pytest.mark.django_db
def test_the_policies_of_2019_are_the_accepted_text_to_the_letter() -> None:
    version = PolicyVersion.objects.get(name="2019")
    page = render_to_string("components/policies.html", {"version": version})
    points = re.findall(r"<li>(.*?)</li>", page, re.DOTALL)
    text = "\n".join(" ".join(html.unescape(point).split()) for point in points)
    assert len(points) == 6
    # A change here is another text to accept: it needs a version of its own.
    assert hashlib.sha256(text.encode()).hexdigest() == POLICIES_SHA256
    assert version.fingerprint == POLICIES_SHA256


@pytest.mark.parametrize("notice", NOTICES)
def test_every_notice_has_its_page(notice: str) -> None:
    assert get_template(f"notices/{notice}.html")


@pytest.mark.parametrize("name", ["400.html", "500.html"])
def test_a_failing_portal_still_says_what_to_do(name: str) -> None:
    page = render_to_string(name)
    assert "Volver al inicio" in page
    assert "<h1>" in page


def test_style_and_script_of_the_first_page_fit_a_slow_line() -> None:
    """34 kB; with the page itself and the picture of the code it stays below 50."""
    packed = [gzip.compress((STATIC / name).read_bytes(), 9) for name in ("css/portal.css", "js/portal.js")]
    font = (STATIC / "fonts/portal-sans.woff2").stat().st_size
    assert sum(map(len, packed)) + font < 34_000


def test_the_style_sheet_and_the_script_load_nothing_from_elsewhere() -> None:
    files = [*STATIC.glob("css/*"), *STATIC.glob("js/*")]
    assert {path.suffix for path in files} == {".css", ".js"}
    for path in files:
        assert not re.search(r"https?://|@import|\beval\(|innerHTML|localStorage", path.read_text())
