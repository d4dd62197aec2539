"""What holds for every page, looked at in the browser that shows it."""

from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

from axe_playwright_python.sync_playwright import Axe

from tests.browser.browser_visitor import BrowserVisitor

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
OPTIONS = {"runOnly": STANDARDS, "resultTypes": ["violations"]}
# The rules that look at colours; to the others the same page is the same.
COLOURS = {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}

SCROLL_WIDTH = "document.documentElement.scrollWidth"

# WCAG 1.4.12. A constructed sheet, because the policy of the site forbids a style element.
SPACE_OUT = """() => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(`
    * { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important }
    p { margin-bottom: 2em !important }`);
  document.adoptedStyleSheets = [sheet];
}"""
BACK_TO_NORMAL = "() => { document.adoptedStyleSheets = []; }"

# WCAG 2.5.8 excepts a link in a sentence; ours are the rest. The target of a radio button is its label.
SMALL_TARGETS = """() => {
  const seen = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  const inSentence = (e) => e.tagName === "A" && getComputedStyle(e).display === "inline"
    && e.closest("p, li, dd, td, label").innerText.trim() !== e.innerText.trim();
  const target = (e) => (e.type === "radio" || e.type === "checkbox" ? e.labels[0] : e);
  return Array.from(document.querySelectorAll("a[href], button, input, select, textarea, summary"))
    .filter((e) => e.type !== "hidden" && seen(e) && !inSentence(e))
    .map((e) => {
      const box = target(e).getBoundingClientRect();
      const least = e.matches("button, input, select, textarea, .button") ? 40 : 24;
      return [e, box, least];
    })
    .filter(([, box, least]) => box.height < least || box.width < 24)
    .map(([e, box]) => `${e.outerHTML.slice(0, 80)} is ${Math.round(box.width)} × ${Math.round(box.height)}`);
}"""

NARROW = 320

# In forced colours a fill is gone: what one presses or writes in has to have an edge, or a line below.
BORDERLESS = """() => {
  const seen = (e) => e.checkVisibility({ visibilityProperty: true, opacityProperty: true });
  return Array.from(document.querySelectorAll("button, .button, input, select, textarea"))
    .filter((e) => seen(e) && !["hidden", "radio", "checkbox"].includes(e.type))
    .filter((e) => ["none", "hidden"].includes(getComputedStyle(e).borderTopStyle)
      || parseFloat(getComputedStyle(e).borderTopWidth) < 1)
    .filter((e) => getComputedStyle(e).textDecorationLine !== "underline")
    .map((e) => e.outerHTML.slice(0, 80));
}"""


def violations(who: BrowserVisitor, options: dict[str, Any] = OPTIONS) -> list[str]:
    """What axe finds: rule and elements."""
    found = Axe().run(who.page, options=options).response["violations"]
    return [f"axe {v['id']}: {[node['html'][:100] for node in v['nodes'][:3]]}" for v in found]


@dataclass(frozen=True)
class Titles:
    """Which page has which title, as files: tests in several processes ask and tell at once."""

    folder: Path

    def owner(self, title: str, page: str) -> str:
        """The page that was the first to have this title."""
        entry = self.folder / sha256(title.encode()).hexdigest()
        try:
            entry.symlink_to(page)  # made whole or not at all
        except FileExistsError:
            return str(entry.readlink())
        return page


@dataclass
class Inspector:
    titles: Titles
    problems: list[str] = field(default_factory=list)

    def look(self, who: BrowserVisitor, name: str, *, axe: bool = True) -> None:
        """Look at the page as it was asked for; `name` stands in the messages."""
        self._judge(who, name, self._title(who, name) + self._shape(who, axe=axe))

    def look_at_errors(self, who: BrowserVisitor, name: str, *, axe: bool = True, js: bool = True) -> None:
        """Look at the page that answers a mistake."""
        found = [] if who.errors() else ["no error summary"]
        if not who.title.startswith("Error: "):
            found.append(f"the title «{who.title}» does not begin with «Error: »")
        if js and who.page.evaluate("!document.activeElement.matches('[data-error-summary]')"):
            found.append("the focus is not on the error summary")
        self._judge(who, f"{name} with errors", found + self._shape(who, axe=axe))

    def _judge(self, who: BrowserVisitor, name: str, found: list[str]) -> None:
        width = who.page.viewport_size["width"]
        self.problems += [f"{name} at {width} px: {problem}" for problem in found]

    def _title(self, who: BrowserVisitor, name: str) -> list[str]:
        owner = self.titles.owner(who.title, name)
        return [] if owner == name else [f"has the title of {owner}: «{who.title}»"]

    def _shape(self, who: BrowserVisitor, *, axe: bool) -> list[str]:
        # The browser's complaints are taken first: axe's own probes cause some.
        found = list(who.complaints)
        found += who.page.evaluate(SMALL_TARGETS)
        found += self._too_wide(who)
        if axe:
            found += violations(who)
            found += self._in_forced_colours(who)
        who.complaints.clear()
        return found

    @staticmethod
    def _in_forced_colours(who: BrowserVisitor) -> list[str]:
        """As Windows shows a page to whoever chose few colours. At one width: it changes no layout."""
        if who.page.viewport_size["width"] > NARROW:
            return []
        before = who.page.evaluate("matchMedia('(forced-colors: active)').matches")
        who.page.emulate_media(forced_colors="active")
        found = violations(who, COLOURS)
        found += [f"no edge: {each}" for each in who.page.evaluate(BORDERLESS)]
        who.page.emulate_media(forced_colors="active" if before else "none")
        return [f"in forced colours {problem}" for problem in found]

    @staticmethod
    def _too_wide(who: BrowserVisitor) -> list[str]:
        width = who.page.viewport_size["width"]
        plain = who.page.evaluate(SCROLL_WIDTH)
        who.page.evaluate(SPACE_OUT)
        spaced = who.page.evaluate(SCROLL_WIDTH)
        who.page.evaluate(BACK_TO_NORMAL)
        widths = {"": plain, "with wide text spacing ": spaced}
        return [f"{how}scrolls sideways, {w} px" for how, w in widths.items() if w > width]
