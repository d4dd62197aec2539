"""Addresses that are the same at both doors: for machines, not for people."""

from django.urls import URLPattern, URLResolver

handler500 = "journeys.pages.errors.failed"

urlpatterns: list[URLPattern | URLResolver] = []
