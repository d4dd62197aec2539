"""Every address, for whoever asks: each header, and no cookie for scripts, other sites or plain http."""

import pytest
from django.conf import LazySettings

from tests.hostile.places import ACTORS, SECURE, cast, real_addresses
from tests.test_architecture import expect_every_header

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("who", ACTORS)
def test_every_address_has_every_header_and_only_guarded_cookies(who: str, settings: LazySettings) -> None:
    settings.SESSION_COOKIE_SECURE = settings.CSRF_COOKIE_SECURE = True
    company = cast()
    opened = 0
    for address in real_addresses(company):
        client = ACTORS[who](company)
        answer = client.get(address, **SECURE)
        opened += answer.status_code == 200
        expect_every_header(answer)
        for name, cookie in answer.cookies.items():
            flags = (
                cookie["secure"],
                cookie["httponly"],
                cookie["samesite"],
                cookie["path"],
                cookie["domain"],
            )
            gone = cookie["max-age"] == 0  # what takes a cookie away holds nothing
            assert flags == (True, True, "Lax", "/", "") or gone, (address, name)
    assert opened > 10, "somebody who opens nothing proves nothing"
