"""Addresses for programs, the same on every door."""

from django.urls import path

from operation.pages import alive, ready

urlpatterns = [
    path("salud/vivo", alive, name="salud-vivo"),
    path("salud/listo", ready, name="salud-listo"),
]
