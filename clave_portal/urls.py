"""Addresses of the portal. They are part of its interface: people print them."""

from django.conf import settings
from django.contrib import admin
from django.urls import include, path

from journeys.captcha.urls import urlpatterns as captcha_urls
from journeys.flows import CREATE
from journeys.pages.demo import personas
from journeys.pages.entering import Home, LogIn, leave
from journeys.pages.information import Information, notice

_INFORMATION = (
    "no-se-mi-cuil", "preguntas-frecuentes", "oficinas", "politicas", "clave-corporativa",
    "accesibilidad", "privacidad",
)  # fmt: skip

urlpatterns = [
    path("", LogIn.as_view(), name="entrar"),
    path("salir/", leave, name="salir"),
    path("inicio/", Home.as_view(), name="inicio"),
    path("crear/", include(CREATE.urls())),
    path("aviso/<slug:name>/", notice, name="aviso"),
    path("demo/", personas, name="demo"),
    *captcha_urls,
    *(
        path(f"{name}/", Information.as_view(template_name=f"info/{name}.html"), name=name)
        for name in _INFORMATION
    ),
]

if settings.PORTAL_DEMO:
    # The office's own site, with its second factor, is not there yet: until then the stock admin,
    # read-only, serves the demonstration and nothing else.
    urlpatterns.append(path("admin/", admin.site.urls))
