"""Addresses that are the same at both doors: for machines, not for people."""

from django.urls import URLPattern, URLResolver

from operation.urls import urlpatterns as operation_urls

handler500 = "journeys.pages.errors.failed"

urlpatterns: list[URLPattern | URLResolver] = [*operation_urls]
