"""Every address of the portal, and the one that makes a move."""

from django.urls import include, path

from tests.faults.site.moves import make_move

urlpatterns = [path("fallas/mover/", make_move), path("", include("clave_portal.urls"))]
