"""Addresses of the code's pictures; the names are django-simple-captcha's."""

from django.urls import path

from journeys.captcha import views

urlpatterns = [
    path("captcha/image/<key>/", views.image, name="captcha-image"),
    path("captcha/nueva/", views.new, name="captcha-new"),
]
