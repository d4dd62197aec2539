"""Addresses of «Mi clave», under /inicio/clave/."""

from django.urls import path

from journeys.home.address import Address, AddressCode
from journeys.home.changing import ChangeFromInside
from journeys.home.key import Activity, BeforeRevoking, Block, MyKey, NotMine, Revoke, Sessions

urlpatterns = [
    path("", MyKey.as_view(), name="mi-clave"),
    path("cambiar/", ChangeFromInside.as_view(), name="mi-clave-cambiar"),
    path("actividad/", Activity.as_view(), name="mi-clave-actividad"),
    path("actividad/<int:number>/", NotMine.as_view(), name="mi-clave-no-reconozco"),
    path("sesiones/", Sessions.as_view(), name="mi-clave-sesiones"),
    path("correo/", Address.as_view(), name="mi-clave-correo"),
    path("correo/codigo/", AddressCode.as_view(), name="mi-clave-correo-codigo"),
    path("bloquear/", Block.as_view(), name="mi-clave-bloquear"),
    path("baja/", BeforeRevoking.as_view(), name="mi-clave-baja"),
    path("baja/confirmar/", Revoke.as_view(), name="mi-clave-baja-confirmar"),
]
