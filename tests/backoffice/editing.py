"""The forms of Django's admin, filled in and saved as its own page would."""

from typing import Any

from tests.visitor import Visitor


def save(who: Visitor, url: str, **changes: Any) -> Visitor:
    """Open the form at `url`, change these fields and press «Guardar»."""
    sent = filled_in(who, url) | changes | {"_save": "Guardar"}
    return who._take(who.client.post(url, sent, follow=True), url)


def filled_in(who: Visitor, url: str) -> dict[str, str]:
    """What the form at `url` would send as it is."""
    return dict(who.open(url).page.xpath("//div[@id='content-main']/form")[0].form_values())


def complaints(who: Visitor) -> str:
    """What the form says is wrong."""
    found = who.page.xpath("//*[contains(@class, 'errorlist')]//li")
    return " ".join(sentence.text_content().strip() for sentence in found)


def history(who: Visitor, url: str) -> str:
    """Who changed what, newest first."""
    return who.open(url.replace("/change/", "/history/")).page.xpath("//table")[0].text_content()
