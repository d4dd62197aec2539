"""The office may look. What it may do comes with its own pages, never by editing a row."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from post_office.models import Attachment, Email, EmailTemplate, Log

from accounts.models import Application, Clave, ClaveEvent

# Addresses and mails of people are nobody's to browse.
for model in (Attachment, Email, EmailTemplate, Log):
    if admin.site.is_registered(model):
        admin.site.unregister(model)

admin.site.site_header = admin.site.site_title = "Clave: la oficina mira"
admin.site.index_title = "Por ahora, sólo para mirar"


class ReadOnly(admin.ModelAdmin):
    """No adding, no changing, no deleting: facts of record."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(Clave)
class ClaveAdmin(ReadOnly):
    list_display = ("cuil", "state", "created_at", "deadline")
    list_filter = ("state",)
    search_fields = ("cuil__exact",)
    exclude = ("password", "seal")
    show_full_result_count = False


@admin.register(ClaveEvent)
class ClaveEventAdmin(ReadOnly):
    list_display = ("at", "cuil", "kind", "actor", "target")
    search_fields = ("cuil__exact",)
    show_full_result_count = False


@admin.register(Application)
class ApplicationAdmin(ReadOnly):
    list_display = ("name", "level", "position")
