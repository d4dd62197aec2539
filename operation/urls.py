"""Addresses for programs, the same on every door."""

from django.urls import path

from operation.pages import alive, metrics, ready

urlpatterns = [
    path("salud/vivo", alive, name="salud-vivo"),
    path("salud/listo", ready, name="salud-listo"),
    path("metricas", metrics, name="metricas"),
]
