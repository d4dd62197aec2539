"""Both doors in one process (PORTAL_DOOR=both)."""

from clave_portal import office_urls, public_urls

urlpatterns = [*public_urls.urlpatterns, office_urls.office]
