"""Addresses of the office's own host. Nothing of the public portal is here, nor of this there."""

from django.urls import path
from django.views.generic import RedirectView

from backoffice.site import office_site
from clave_portal import shared_urls

handler500 = shared_urls.handler500

office = path("admin/", office_site.urls)

urlpatterns = [
    path("", RedirectView.as_view(pattern_name="admin:index"), name="puerta"),
    office,
    *shared_urls.urlpatterns,
]
