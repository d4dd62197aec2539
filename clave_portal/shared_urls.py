"""Addresses that are the same at both doors: for machines, not for people."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
