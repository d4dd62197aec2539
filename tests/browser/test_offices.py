"""The search for offices, as it is asked for and with its answers: nobody is shut out of it."""

from tests.browser.conftest import Visit
from tests.browser.inspection import Inspector
from tests.browser.test_every_page import ways
from tests.offices.builders import make_office, make_zone


@ways
def test_the_search_for_an_office_is_open_to_everybody(
    visit: Visit, inspector: Inspector, width: int, js: str
) -> None:
    notice = "Si tenés que ir a habilitar tu Clave, la oficina que te corresponde es la UDAI Viedma."
    make_zone(make_office("UDAI Viedma"), "8504", "Carmen de Patagones", notice=notice)
    who, axe = visit(width, js), js != "off"
    inspector.look(who.open("/oficinas/"), "oficinas", axe=axe)
    who.fill("Localidad, provincia o código postal", "patagones").press("BUSCAR")
    assert notice in who.text
    inspector.look(who, "oficinas, found", axe=axe)
    who.fill("Localidad, provincia o código postal", "Macondo" * 11).press("BUSCAR")
    assert "Probá con el código postal o con la provincia" in who.text
    inspector.look(who, "oficinas, none found", axe=axe)
