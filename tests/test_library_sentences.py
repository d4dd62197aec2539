"""What the libraries say to people is replaced by sentences of ours (locale/)."""

import gettext
import re
from pathlib import Path

import django
import pytest
from django.conf import settings
from django.utils.translation import gettext as said
from django.utils.translation import override

OURS = Path(settings.BASE_DIR) / "locale" / "es_AR" / "LC_MESSAGES"
LIBRARY = Path(django.__file__).parent


def catalog(path: Path) -> dict[object, str]:
    with path.open("rb") as file:
        return gettext.GNUTranslations(file)._catalog  # type: ignore[attr-defined]


def test_what_is_compiled_is_what_is_written() -> None:
    written = (OURS / "django.po").read_text(encoding="utf-8")
    unquoted = [text.replace('\\"', '"') for text in re.findall(r'^msgstr(?:\[\d\])? "(.+)"$', written, re.M)]
    compiled = [text for key, text in catalog(OURS / "django.mo").items() if key != ""]
    assert sorted(unquoted) == sorted(compiled)


def test_each_sentence_is_one_that_the_library_still_says() -> None:
    known: set[object] = set()
    for path in LIBRARY.glob("**/locale/es_AR/LC_MESSAGES/django.mo"):
        known |= catalog(path).keys()
    assert not {key for key in catalog(OURS / "django.mo") if key} - known


@pytest.mark.parametrize("sentence", ["Enter a valid date.", "This field is required."])
def test_people_read_ours(sentence: str) -> None:
    with override("es-ar"):
        assert said(sentence) == catalog(OURS / "django.mo")[sentence]
