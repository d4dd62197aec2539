"""The rules of the key in the browser are those of the server: one table of cases binds both."""

import json
from pathlib import Path

from tests.browser.conftest import Visit
from tests.builders import make_person
from tests.walker import walk

VECTORS = Path(__file__).parent.parent / "password_vectors.json"

# For each case what the list shows after the field was left: the rules marked as broken.
MARKED = """(passwords) => {
  const list = document.querySelector("[data-rules]");
  const input = document.getElementById(list.dataset.rules);
  return passwords.map((password) => {
    input.value = password;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.dispatchEvent(new Event("blur"));
    return Array.from(list.querySelectorAll("[data-rule]"))
      .filter((item) => item.classList.contains("broken"))
      .map((item) => item.dataset.rule);
  });
}"""


def test_the_page_and_the_server_agree_on_every_case(visit: Visit) -> None:
    # An empty field is not scolded by the page; the server asks for a key.
    cases = [case for case in json.loads(VECTORS.read_text(encoding="utf-8")) if case["password"]]
    who = visit()
    walk(who, make_person(), "clave")
    shown = {item.get_attribute("data-rule") for item in who.page.locator("[data-rule]").all()}
    marked = who.page.evaluate(MARKED, [case["password"] for case in cases])
    assert len(cases) > 20
    assert [(case["password"], sorted(broken)) for case, broken in zip(cases, marked, strict=True)] == [
        (case["password"], sorted(shown & set(case["broken"]))) for case in cases
    ]


def test_a_rule_is_met_or_broken_in_words_too(visit: Visit) -> None:
    who = visit()
    walk(who, make_person(), "clave")
    who.fill("Elegí una clave", "girasol58")
    who.field("Elegí una clave").blur()
    assert "(falta)" in who.page.locator("[data-rule=uppercase]").inner_text()
    assert "(cumplida)" in who.page.locator("[data-rule=length]").inner_text()
    status = who.page.locator("[role=status]", has_text="La clave cumple 6 de 7 condiciones.")
    status.wait_for(state="attached")
