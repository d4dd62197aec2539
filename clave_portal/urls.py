"""Both doors in one process (PORTAL_DOOR=both)."""

from clave_portal import office_urls, public_urls, shared_urls

handler500 = shared_urls.handler500
urlpatterns = [*public_urls.urlpatterns, office_urls.office]
