"""Every address of the portal, its pages for errors, and the one that makes a move."""

from django.urls import include, path

from clave_portal.shared_urls import handler500
from tests.faults.site.moves import make_move

__all__ = ["handler500", "urlpatterns"]

urlpatterns = [path("fallas/mover/", make_move), path("", include("clave_portal.urls"))]
