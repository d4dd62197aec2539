"""Addresses of the portal. They are part of its interface: people print them."""

from django.urls import include, path

from backoffice.site import office_site
from journeys.applications.checking import CheckCertificate
from journeys.captcha.urls import urlpatterns as captcha_urls
from journeys.flows import CREATE, ENABLE
from journeys.home.start import Home, cancel_replacement
from journeys.pages.accepting import AcceptNewPolicies
from journeys.pages.demo import personas
from journeys.pages.disavowing import Disavow
from journeys.pages.entering import LogIn, leave
from journeys.pages.information import Information, notice
from journeys.pages.offices import Offices
from journeys.pages.power import FillInPower, blank_power
from journeys.pages.usi07 import RecoverUsi07, download, recovered

_INFORMATION = (
    "no-se-mi-cuil", "preguntas-frecuentes", "politicas", "clave-corporativa",
    "accesibilidad", "privacidad",
)  # fmt: skip

urlpatterns = [
    path("", LogIn.as_view(), name="entrar"),
    path("salir/", leave, name="salir"),
    path("inicio/", Home.as_view(), name="inicio"),
    path("inicio/cancelar-pedido/", cancel_replacement, name="cancelar-pedido"),
    path("aplicaciones/", include("journeys.applications.urls")),
    path("constancia/", CheckCertificate.as_view(), name="constancia"),
    path("crear/", include(CREATE.urls())),
    path("habilitar/", include(ENABLE.urls())),
    path("usi-07/", RecoverUsi07.as_view(), name="usi-07"),
    path("usi-07/listo/", recovered, name="usi-07-listo"),
    path("usi-07/<str:token>/formulario-usi-07.pdf", download, name="usi-07-pdf"),
    path("poder-especifico/", blank_power, name="poder-especifico"),
    path("poder-especifico/completar/", FillInPower.as_view(), name="poder-especifico-completar"),
    path("oficinas/", Offices.as_view(), name="oficinas"),
    path("politicas/aceptar/", AcceptNewPolicies.as_view(), name="aceptar-politicas"),
    path("aviso/<slug:name>/", notice, name="aviso"),
    path("no-fui-yo/<str:token>/", Disavow.as_view(), name="no-fui-yo"),
    path("demo/", personas, name="demo"),
    path("admin/", office_site.urls),
    *captcha_urls,
    *(
        path(f"{name}/", Information.as_view(template_name=f"info/{name}.html"), name=name)
        for name in _INFORMATION
    ),
]
