"""Addresses for citizens. They are part of the interface: people print them."""

from django.urls import include, path

from clave_portal import shared_urls
from journeys.applications.checking import CheckCertificate
from journeys.captcha.urls import urlpatterns as captcha_urls
from journeys.flows import CREATE, ENABLE
from journeys.home.acting import ChooseForWhom
from journeys.home.start import CancelReplacement, Home
from journeys.home.staying import Stay
from journeys.pages.accepting import AcceptNewPolicies
from journeys.pages.changing import ChangeFromOutside
from journeys.pages.demo import mailbox, personas
from journeys.pages.disavowing import Disavow
from journeys.pages.entering import LogIn, leave
from journeys.pages.help import Help, HelpOfAWay
from journeys.pages.information import Information, notice
from journeys.pages.offices import Offices
from journeys.pages.power import FillInPower, blank_power
from journeys.pages.privacy import Privacy
from journeys.pages.questions import Questions
from journeys.pages.undoing import UndoAddress
from journeys.pages.unknown_cuil import UnknownCuil
from journeys.pages.usi07 import RecoverUsi07, download, recovered
from journeys.ways import WAYS

_INFORMATION = ("politicas", "clave-corporativa", "accesibilidad")

handler500 = shared_urls.handler500

urlpatterns = [
    path("", LogIn.as_view(), name="entrar"),
    path("salir/", leave, name="salir"),
    path("inicio/", Home.as_view(), name="inicio"),
    path("inicio/en-nombre-de/", ChooseForWhom.as_view(), name="en-nombre-de"),
    path("inicio/cancelar-pedido/", CancelReplacement.as_view(), name="cancelar-pedido"),
    path("inicio/seguir/", Stay.as_view(), name="seguir-conectado"),
    path("inicio/clave/", include("journeys.home.urls")),
    path("cambiar/", ChangeFromOutside.as_view(), name="cambiar"),
    path("aplicaciones/", include("journeys.applications.urls")),
    path("constancia/", CheckCertificate.as_view(), name="constancia"),
    path("crear/", include(CREATE.urls())),
    path("habilitar/", include(ENABLE.urls())),
    path("usi-07/", RecoverUsi07.as_view(), name="usi-07"),
    path("usi-07/listo/", recovered, name="usi-07-listo"),
    path("usi-07/<str:token>/formulario-usi-07.pdf", download, name="usi-07-pdf"),
    path("poder-especifico/", blank_power, name="poder-especifico"),
    path("poder-especifico/completar/", FillInPower.as_view(), name="poder-especifico-completar"),
    path("ayuda/", Help.as_view(), name="ayuda"),
    *(path(f"ayuda/{way.slug}/", HelpOfAWay.as_view(way=way), name=way.url_name) for way in WAYS),
    path("preguntas-frecuentes/", Questions.as_view(), name="preguntas-frecuentes"),
    path("no-se-mi-cuil/", UnknownCuil.as_view(), name="no-se-mi-cuil"),
    path("privacidad/", Privacy.as_view(), name="privacidad"),
    path("oficinas/", Offices.as_view(), name="oficinas"),
    path("politicas/aceptar/", AcceptNewPolicies.as_view(), name="aceptar-politicas"),
    path("aviso/<slug:name>/", notice, name="aviso"),
    path("no-fui-yo/<str:token>/", Disavow.as_view(), name="no-fui-yo"),
    path("correo-anterior/<str:token>/", UndoAddress.as_view(), name="deshacer-correo"),
    path("demo/", personas, name="demo"),
    path("demo/correos/", mailbox, name="demo-correos"),
    *captcha_urls,
    *(
        path(f"{name}/", Information.as_view(template_name=f"info/{name}.html"), name=name)
        for name in _INFORMATION
    ),
    *shared_urls.urlpatterns,
]
