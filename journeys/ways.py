"""The ways through the journeys that the help tells: the manual's parts A to D, and the guide of 2019.

A way names what is known of somebody who goes it; its pages follow from that, as for a visitor. So the help
tells the pages that there are, in their order.
"""

from dataclasses import dataclass, field

from journeys.engine import Journey, Step
from journeys.facts import ABROAD, ONLINE, TRAMITE_LOST, Facts
from journeys.flows import CREATE, ENABLE


@dataclass(frozen=True)
class Way:
    """Has templates/info/ayuda/<slug>.html, and an address /ayuda/<slug>/."""

    slug: str
    title: str
    summary: str
    journey: Journey
    facts: Facts = field(default_factory=Facts)

    @property
    def url_name(self) -> str:
        return f"ayuda-{self.slug}"

    @property
    def steps(self) -> list[Step]:
        """Also those that some will not meet: each sentence says when it does not apply."""
        return self.journey.path(self.facts)


WAYS = (
    Way(
        "crear-por-internet",
        "Crear tu Clave por Internet",
        "Probás quién sos con tu DNI y unas preguntas, y la usás en el momento. Es de nivel 2.",
        CREATE,
        Facts(has_tramite=True, way=ONLINE),
    ),
    Way(
        "crear-con-formulario",
        "Crear tu Clave con el formulario USI-07",
        "Elegís tu clave por Internet y la habilitás después, en una oficina o por Internet.",
        CREATE,
        Facts(way=TRAMITE_LOST),
    ),
    Way(
        "desde-el-exterior",
        "Crear tu Clave si vivís en el exterior",
        "Por Internet, con un apoderado en la Argentina o por correo.",
        CREATE,
        Facts(abroad=True, online_shut=ABROAD),
    ),
    Way(
        "habilitar",
        "Habilitar por Internet una Clave pendiente",
        "Para la clave que ya creaste con el formulario USI-07.",
        ENABLE,
    ),
    Way(
        "olvido-de-clave",
        "Olvidaste tu Clave",
        "Creás una nueva. La que tenías sigue funcionando hasta que la nueva quede habilitada.",
        CREATE,
        Facts(existing_clave="enabled", has_tramite=True, way=ONLINE),
    ),
)
