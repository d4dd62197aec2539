"""A person with a browser without JavaScript: finds fields by label and buttons by their text."""

from __future__ import annotations

from django.http import HttpResponse
from django.test import Client
from lxml import html


class NotOnThePage(AssertionError):
    """There is no such label, option, button or link."""


class Visitor:
    """Wraps Django's client with CSRF checks on; follows redirects as a browser does."""

    def __init__(self, **headers: str) -> None:
        self.client = Client(enforce_csrf_checks=True, **headers)
        self.response: HttpResponse = HttpResponse()
        self.url = ""
        self.typed: dict[str, str] = {}

    # --- Looking ----------------------------------------------------------------------------------

    @property
    def page(self) -> html.HtmlElement:
        return html.document_fromstring(self.response.content.decode())

    @property
    def text(self) -> str:
        main = self.page.xpath("//main") or [self.page]
        return " ".join(main[0].text_content().split())

    @property
    def title(self) -> str:
        return self.page.findtext(".//title").strip()

    @property
    def status(self) -> int:
        return self.response.status_code

    def errors(self) -> list[str]:
        """The sentences of the error summary, in its order."""
        found = self.page.xpath("//*[@data-error-summary]//li | //*[@data-error-summary]//p")
        return [" ".join(e.text_content().split()) for e in found]

    def hidden(self, name: str) -> str:
        return self.page.xpath(f"//input[@name='{name}']/@value")[0]

    def options(self) -> list[str]:
        """The labels of the radio buttons."""
        return [self._label_of(radio) for radio in self.page.xpath("//input[@type='radio']")]

    # --- Doing ------------------------------------------------------------------------------------

    def open(self, url: str) -> Visitor:
        return self._take(self.client.get(url, follow=True), url)

    def fill(self, label: str, value: str) -> Visitor:
        self.typed[self._field(label).get("name")] = value
        return self

    def choose(self, label: str) -> Visitor:
        for radio in self.page.xpath("//input[@type='radio']"):
            if self._label_of(radio) == label:
                self.typed[radio.get("name")] = radio.get("value")
                return self
        raise NotOnThePage(f"option {label!r}")

    def select(self, label: str, option: str) -> Visitor:
        """Choose from a list that drops down."""
        field = self._field(label)
        for found in field.xpath(".//option"):
            if " ".join(found.text_content().split()) == option:
                self.typed[field.get("name")] = found.get("value")
                return self
        raise NotOnThePage(f"option {option!r} of {label!r}")

    def tick(self, label: str) -> Visitor:
        self.typed[self._field(label).get("name")] = "on"
        return self

    def press(self, text: str) -> Visitor:
        self._sent = self.form(text)
        return self._take(self.client.post(*self._sent, follow=True), self._sent[0])

    def form(self, button: str) -> tuple[str, dict[str, str]]:
        """Where the button sends the form, and what it sends."""
        for found in self.page.xpath("//form//button"):
            if " ".join(found.text_content().split()) == button and found.get("type") != "button":
                return self._filled_in(found)
        raise NotOnThePage(f"button {button!r} on {self.url}")

    def follow(self, text: str) -> Visitor:
        for link in self.page.xpath("//a[@href]"):
            if text in " ".join(link.text_content().split()):
                return self.open(link.get("href"))
        raise NotOnThePage(f"link {text!r}")

    def post_again(self) -> Visitor:
        """The same form sent a second time, as a double click does."""
        return self._take(self.client.post(*self._sent, follow=True), self._sent[0])

    def twin(self) -> Visitor:
        """Another tab of the same browser, showing the same page."""
        other = Visitor()
        other.client = self.client
        other.response, other.url = self.response, self.url
        return other

    # --- Inside -----------------------------------------------------------------------------------

    def _field(self, label: str) -> html.HtmlElement:
        for element in self.page.xpath("//label[@for]"):
            if " ".join(element.text_content().split()) == label:
                return self.page.get_element_by_id(element.get("for"))
        raise NotOnThePage(f"field {label!r} on {self.url}")

    def _label_of(self, field: html.HtmlElement) -> str:
        label = self.page.xpath(f"//label[@for='{field.get('id')}']")[0]
        return " ".join(label.text_content().split())

    def _filled_in(self, button: html.HtmlElement) -> tuple[str, dict[str, str]]:
        form = next(form for form in button.iterancestors("form"))
        sent = dict(form.form_values()) | self.typed
        if button.get("name"):
            sent[button.get("name")] = button.get("value")
        return form.get("action") or self.url, sent

    def _take(self, response: HttpResponse, url: str) -> Visitor:
        self.response, self.typed = response, {}
        chain = getattr(response, "redirect_chain", [])
        self.url = chain[-1][0] if chain else url
        return self
