"""A person with a real browser: the verbs of tests.visitor.Visitor, over Chromium."""

from __future__ import annotations

from contextlib import suppress
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import ConsoleMessage, Error, Locator, Page, Request, Response

from tests.visitor import NotOnThePage

PATIENCE_MS = 5000
ARRIVED = "document.readyState === 'complete' && !('left' in document.documentElement.dataset)"


class BrowserVisitor:
    """One tab. `complaints` gathers what the browser itself finds wrong: errors, refusals, failures."""

    def __init__(self, page: Page, site: str) -> None:
        self.page, self.site = page, site
        self.response: Response | None = None
        self.complaints: list[str] = []
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self.complaints.append(f"script error: {error}"))
        page.on("requestfailed", self._miss)
        # A double click asks for two pages, and either may be the one that stays.
        self._on_their_way: set[Request] = set()
        page.on("request", self._ask)
        page.on("requestfinished", self._have)
        page.on("response", self._receive)

    # --- Looking ----------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        return urlsplit(self.page.url).path

    @property
    def text(self) -> str:
        return _plain(self.page.locator("main").inner_text())

    @property
    def title(self) -> str:
        return self.page.title()

    @property
    def status(self) -> int:
        return self.response.status if self.response else 0

    def errors(self) -> list[str]:
        """The sentences of the error summary, in its order."""
        return self._texts("[data-error-summary] li, [data-error-summary] p")

    def hidden(self, name: str) -> str:
        return self.page.locator(f"input[name='{name}']").first.input_value()

    def options(self) -> list[str]:
        """The labels of the radio buttons."""
        return self._texts("input[type=radio] + label")

    def focused(self, attribute: str) -> str:
        """An attribute of the element that has the focus; '' where it lacks it."""
        value = self.page.evaluate("name => document.activeElement.getAttribute(name)", attribute)
        return str(value or "")

    # --- Doing ------------------------------------------------------------------------------------

    def open(self, url: str) -> BrowserVisitor:
        self.page.goto(self.site + url, wait_until="load")
        return self

    def fill(self, label: str, value: str) -> BrowserVisitor:
        self.field(label).fill(value)
        return self

    def choose(self, label: str) -> BrowserVisitor:
        self._the(self.page.get_by_role("radio", name=label, exact=True), label).check()
        return self

    def select(self, label: str, option: str) -> BrowserVisitor:
        self.field(label).select_option(label=option)
        return self

    def tick(self, label: str) -> BrowserVisitor:
        self.field(label).check()
        return self

    def press(self, text: str) -> BrowserVisitor:
        with self.page.expect_navigation(wait_until="load"):
            self.button(text).click()
        return self

    def follow(self, text: str) -> BrowserVisitor:
        link = self._the(self.page.locator("a[href]", has_text=text).first, text)
        with self.page.expect_navigation(wait_until="load"):
            link.click()
        return self

    def press_twice(self, text: str) -> BrowserVisitor:
        """A double click on a button that sends; afterwards the page is the one that stays."""
        self.page.evaluate("document.documentElement.dataset.left = ''")
        self.button(text).dblclick(no_wait_after=True)
        quiet = 0
        for _ in range(2 * PATIENCE_MS // 50):
            arrived = False
            with suppress(Error):  # one document gives way to the next while it is asked
                arrived = self.page.evaluate(ARRIVED) and not self._on_their_way
            quiet = quiet + 1 if arrived else 0
            if quiet == 3:
                return self
            self.page.wait_for_timeout(50)
        raise AssertionError(f"a double click on {text!r} leads nowhere from {self.url}")

    def submit_empty(self) -> BrowserVisitor:
        """The page's form without its button, as no person but any script can send it."""
        with self.page.expect_navigation(wait_until="load"):
            self.page.locator("main form").first.evaluate("f => HTMLFormElement.prototype.submit.call(f)")
        return self

    def back(self) -> BrowserVisitor:
        self.page.go_back(wait_until="load")
        return self

    def reload(self) -> BrowserVisitor:
        self.page.reload(wait_until="load")
        return self

    def tab(self) -> BrowserVisitor:
        """Another tab of the same browser."""
        return BrowserVisitor(self.page.context.new_page(), self.site)

    # --- Finding ----------------------------------------------------------------------------------

    def field(self, label: str) -> Locator:
        return self._the(self.page.get_by_label(label, exact=True), label)

    def button(self, text: str) -> Locator:
        found = self.page.locator("form").get_by_role("button", name=text, exact=True)
        return self._the(found, text)

    def has_form(self) -> bool:
        return bool(self.page.locator("main form").count())

    def _the(self, found: Locator, name: str) -> Locator:
        if found.count() != 1:
            raise NotOnThePage(f"{name!r} on {self.url}: {found.count()} times")
        return found

    def _texts(self, selector: str) -> list[str]:
        return [_plain(text) for text in self.page.locator(selector).all_inner_texts()]

    # --- Listening --------------------------------------------------------------------------------

    def _hear(self, message: ConsoleMessage) -> None:
        # The answers that are no success are noted by _receive, with their status.
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            self.complaints.append(f"console: {message.text}")

    def _ask(self, request: Request) -> None:
        if request.is_navigation_request():
            self._on_their_way.add(request)

    def _have(self, request: Request) -> None:
        self._on_their_way.discard(request)

    def _miss(self, request: Request) -> None:
        self._have(request)
        # Aborted: the visitor left the page before its icon came.
        if request.failure != "net::ERR_ABORTED":
            self.complaints.append(f"failed: {request.url} {request.failure}")

    def _receive(self, response: Response) -> None:
        if response.request.is_navigation_request():
            self.response = response
        elif not response.ok:
            self.complaints.append(f"{response.status}: {response.url}")


class KeyboardVisitor(BrowserVisitor):
    """Whoever cannot use a mouse: Tab, arrows, Space, Enter and typing, nothing else."""

    MOST_STOPS = 80

    def fill(self, label: str, value: str) -> BrowserVisitor:
        self._tab_to("e => e.id", self.field(label).get_attribute("id"))
        self.page.keyboard.press("ControlOrMeta+a")
        self.page.keyboard.type(value)
        return self

    def choose(self, label: str) -> BrowserVisitor:
        """Tab stops once in a group of radio buttons; the arrows go on from there."""
        self._tab_to("e => e.type", "radio")
        self.page.keyboard.press("Space")
        for _ in self.options():
            if self.page.evaluate("document.activeElement.labels[0].innerText.trim()") == label:
                return self
            self.page.keyboard.press("ArrowDown")
        raise NotOnThePage(f"option {label!r}")

    def press(self, text: str) -> BrowserVisitor:
        return self._activate("BUTTON", text, "Enter")

    def follow(self, text: str) -> BrowserVisitor:
        return self._activate("A", text, "Enter")

    def _activate(self, tag: str, text: str, key: str) -> BrowserVisitor:
        self._tab_to("e => `${e.tagName} ${e.innerText.trim()}`", f"{tag} {text}")
        with self.page.expect_navigation(wait_until="load"):
            self.page.keyboard.press(key)
        return self

    def _tab_to(self, what: str, wanted: Any) -> None:
        """Tab until the focused element is the wanted one; every stop must show where it is."""
        for _ in range(self.MOST_STOPS):
            self.page.keyboard.press("Tab")
            if self.page.evaluate("document.activeElement === document.body"):
                continue  # the browser's own bar, between the last stop and the first
            assert self.page.evaluate(_SHOWS_FOCUS), f"{self._where()} on {self.url} hides its focus"
            if self.page.evaluate(f"({what})(document.activeElement)") == wanted:
                return
        raise NotOnThePage(f"{wanted!r} is not reached with Tab on {self.url}")

    def _where(self) -> str:
        return str(self.page.evaluate("document.activeElement.outerHTML.slice(0, 120)"))


# The label of a radio button shows the ring in its place.
_SHOWS_FOCUS = """() => {
  const focused = document.activeElement;
  const shown = focused.type === "radio" ? focused.labels[0] : focused;
  const style = getComputedStyle(shown);
  return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
}"""


def _plain(text: str) -> str:
    return " ".join(text.split())
