"""Addresses of the code's picture and voice; the names are django-simple-captcha's."""

from django.urls import path

from journeys.captcha import views

urlpatterns = [
    path("captcha/image/<key>/", views.image, name="captcha-image"),
    path("captcha/audio/<key>/", views.audio, name="captcha-audio"),
    path("captcha/nueva/", views.new, name="captcha-new"),
]
