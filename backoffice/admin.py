"""What the office edits as rows: contents, by whoever has that role, and employees, by superusers.

Nothing is deleted here and nothing is done to many rows at once: what should not be shown is withdrawn, and
the history of a row says who changed what, from what to what. An office is chosen from a plain list: the
library's search field has no name for a screen reader, and nothing to choose from without JavaScript.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Model, QuerySet
from django.http import HttpRequest

from accounts.models import Application, FrequentQuestion, PolicyVersion
from accounts.questions import PAGES
from backoffice.employees import EmployeeForm
from backoffice.history import told
from backoffice.models import Employee
from backoffice.roles import May
from backoffice.site import allowed, office_site
from offices.models import Office, Zone
from offices.places import digits_of, place_of


class PlainAdmin(admin.ModelAdmin):
    """Whoever `may` looks, adds and changes; nobody deletes. Django's own permissions do not count here."""

    actions = None
    list_per_page = 50
    show_full_result_count = False
    view_on_site = False
    # One field with a label; Django's pair of date and time has none that is read aloud.
    formfield_overrides = {
        models.DateTimeField: {
            "form_class": forms.DateTimeField,
            "widget": forms.DateTimeInput(format="%d/%m/%Y %H:%M"),
        }
    }

    class Media:
        css = {"all": ("css/contents.css",)}

    def may(self, request: HttpRequest) -> bool:
        raise NotImplementedError

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.may(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self.may(request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self.may(request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def construct_change_message(
        self,
        request: HttpRequest,
        form: Any,
        formsets: Any,
        add: bool = False,  # noqa: FBT001, FBT002 - Django's signature
    ) -> Any:
        return told(form, add=add)


class ContentAdmin(PlainAdmin):
    def may(self, request: HttpRequest) -> bool:
        return allowed(request, May.CONTENT)


@admin.register(Office, site=office_site)
class OfficeAdmin(ContentAdmin):
    list_display = ("name", "kind", "locality", "province", "phone")
    list_filter = ("kind", "province")
    search_fields = ("name", "code", "locality")

    def get_readonly_fields(self, request: HttpRequest, obj: Office | None = None) -> tuple[str, ...]:
        """Zones, events and the files of the register name an office by its code."""
        return ("code",) if obj else ()


class ZoneForm(forms.ModelForm):
    def clean(self) -> dict[str, Any] | None:
        """Two zones of one place, however it is spelled, would be two answers to one question."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        same = Zone.objects.filter(
            province=typed.get("province", ""),
            digits=digits_of(typed.get("postal_code", "")),
            place=place_of(typed.get("locality", "")),
        ).exclude(pk=self.instance.pk)
        if found := same.select_related("office").first():
            raise ValidationError(f"Ese lugar ya tiene su zona: {found}, de {found.office}.")
        return typed


@admin.register(Zone, site=office_site)
class ZoneAdmin(ContentAdmin):
    form = ZoneForm
    list_display = ("__str__", "office", "notice")
    list_filter = ("province",)
    list_select_related = ("office",)
    search_fields = ("locality", "postal_code", "office__name")


@admin.register(Application, site=office_site)
class ApplicationAdmin(ContentAdmin):
    list_display = ("name", "level", "position")


class QuestionForm(forms.ModelForm):
    class Meta:
        help_texts = {
            "answer": (
                "Un renglón vacío separa párrafos. [teléfono] es el número de atención. "
                f"Un enlace a una página del portal: [texto](página). Páginas: {', '.join(PAGES)}."
            )
        }


@admin.register(FrequentQuestion, site=office_site)
class FrequentQuestionAdmin(ContentAdmin):
    form = QuestionForm
    list_display = ("question", "position", "published")
    list_filter = ("published",)
    search_fields = ("question", "answer")


@admin.register(PolicyVersion, site=office_site)
class PolicyVersionAdmin(ContentAdmin):
    list_display = ("name", "published_at", "is_in_force")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A text that somebody may have accepted stays as it was; a change is a new version."""
        shut = isinstance(obj, PolicyVersion) and obj.is_in_force
        return not shut and super().has_change_permission(request, obj)

    @admin.display(boolean=True, description="rige o rigió")
    def is_in_force(self, version: PolicyVersion) -> bool:
        return version.is_in_force


@admin.register(Employee, site=office_site)
class EmployeeAdmin(PlainAdmin):
    """User name, role and office in one form. An employee who leaves is no longer active, and stays."""

    form = EmployeeForm
    list_display = ("user", "office", "is_active", "roles")
    list_filter = ("user__is_active", "user__groups")
    search_fields = ("user__username", "user__last_name", "office__name")

    def may(self, request: HttpRequest) -> bool:
        user: Any = request.user
        return bool(user.is_active and user.is_superuser)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Employee]:
        found: QuerySet[Employee] = super().get_queryset(request)
        return found.select_related("user", "office").prefetch_related("user__groups")

    def save_model(self, request: HttpRequest, obj: Employee, form: Any, change: Any) -> None:
        obj.user = form.save_user()
        super().save_model(request, obj, form, change)

    @admin.display(boolean=True, description="activo")
    def is_active(self, employee: Employee) -> bool:
        return employee.user.is_active

    @admin.display(description="funciones")
    def roles(self, employee: Employee) -> str:
        return ", ".join(sorted(group.name for group in employee.user.groups.all()))
