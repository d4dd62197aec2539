"""What the office edits as rows: contents, by whoever has that role, and employees, by superusers.

Nothing is deleted here and nothing is done to many rows at once: what should not be shown is withdrawn, and
the history of a row says who changed what, from what to what. An office is chosen from a plain list: the
library's search field has no name for a screen reader, and nothing to choose from without JavaScript.
"""

from typing import Any

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import models
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse

from accounts.events import Note
from accounts.models import Application, FrequentQuestion, PolicyVersion
from accounts.questions import PAGES
from backoffice.employees import EmployeeForm, forget_factors
from backoffice.history import told
from backoffice.models import Employee
from backoffice.roles import ROLES, SUPERUSER, May
from backoffice.site import allowed, is_superuser, office_site
from backoffice.trails import remember
from offices.models import Office, Zone
from offices.places import digits_of, place_of


class PlainAdmin(admin.ModelAdmin):
    """Whoever `may` adds and changes; nobody deletes. Django's own permissions do not count here."""

    # For the table of who may what (backoffice/access.py).
    who: frozenset[str] = frozenset()
    readers = frozenset(role for role, may in ROLES.items() if May.AUDIT in may)
    not_own_row = False

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
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """An auditor reads everything and changes nothing."""
        return self.may(request) or allowed(request, May.AUDIT)

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

    def log_addition(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        self._remember(request, obj, "Es nuevo")
        return super().log_addition(request, obj, message)

    def log_change(self, request: HttpRequest, obj: Model, message: Any) -> Any:
        self._remember(request, obj, self._changed(request))
        return super().log_change(request, obj, message)

    def save_model(self, request: HttpRequest, obj: Model, form: Any, change: Any) -> None:
        # Kept for the event: which fields, never what stands in them.
        labels = (str(form.fields[name].label or name) for name in form.changed_data)
        request.changed_labels = [label.lower() for label in labels]  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)

    @staticmethod
    def _changed(request: HttpRequest) -> str:
        return ", ".join(request.changed_labels) or "Ninguno"  # type: ignore[attr-defined]

    def _remember(self, request: HttpRequest, obj: Model, fields: str) -> None:
        """Rows of Django's history can be edited by whoever owns the database; events cannot."""
        remember(
            request,
            Note.CONTENT_CHANGED,
            content=str(self.opts.verbose_name),
            row=obj.pk,
            fields=fields,
        )

    def _only_looking(self, request: HttpRequest) -> None:
        """The library's lists and histories answer a POST as they do a GET; whoever reads sends nothing."""
        if request.method not in {"GET", "HEAD"} and not self.may(request):
            raise PermissionDenied

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        self._only_looking(request)
        return super().history_view(request, object_id, extra_context)

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        """Titles of ours: Django's own do not speak as Argentines do."""
        self._only_looking(request)
        title = str(self.opts.verbose_name_plural).capitalize()
        return super().changelist_view(request, {"title": title, **(extra_context or {})})


class ContentAdmin(PlainAdmin):
    who = frozenset(role for role, may in ROLES.items() if May.CONTENT in may)

    def may(self, request: HttpRequest) -> bool:
        return allowed(request, May.CONTENT)


@admin.register(Office, site=office_site)
class OfficeAdmin(ContentAdmin):
    fields = (
        "code", "name", "kind", "street", "locality", "postal_code", "province", "hours", "phone",
        "withdrawn",
    )  # fmt: skip
    list_display = ("name", "kind", "locality", "province", "phone", "withdrawn")
    list_filter = ("kind", "withdrawn", "province")
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
    fields = ("office", "postal_code", "locality", "province", "notice", "withdrawn")
    list_display = ("__str__", "office", "notice", "withdrawn")
    list_filter = ("withdrawn", "province")
    list_select_related = ("office",)
    search_fields = ("locality", "postal_code", "office__name")


@admin.register(Application, site=office_site)
class ApplicationAdmin(ContentAdmin):
    fields = ("name", "slug", "level", "position", "address", "has_clause", "withdrawn")
    list_display = ("name", "level", "address", "has_clause", "position", "withdrawn")

    def get_readonly_fields(self, request: HttpRequest, obj: Application | None = None) -> tuple[str, ...]:
        """People keep the addresses of what they use, and two of them are pages of ours."""
        return ("slug",) if obj else ()


class QuestionForm(forms.ModelForm):
    class Meta:
        help_texts = {
            "answer": (
                "Un renglón vacío separa párrafos. [teléfono] es el número de atención y [horario] su"
                " horario. "
                f"Un enlace a una página del portal: [texto](página). Páginas: {', '.join(PAGES)}."
            )
        }


@admin.register(FrequentQuestion, site=office_site)
class FrequentQuestionAdmin(ContentAdmin):
    form = QuestionForm
    fields = ("question", "answer", "position", "published")
    list_display = ("question", "position", "published")
    list_filter = ("published",)
    search_fields = ("question", "answer")


@admin.register(PolicyVersion, site=office_site)
class PolicyVersionAdmin(ContentAdmin):
    fields = ("name", "text", "published_at")
    list_display = ("name", "published_at", "is_in_force")

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A text that somebody may have accepted stays as it was; a change is a new version."""
        shut = isinstance(obj, PolicyVersion) and obj.is_in_force
        return not shut and super().has_change_permission(request, obj)

    @admin.display(boolean=True, description="rige o rigió")
    def is_in_force(self, version: PolicyVersion) -> bool:
        return version.is_in_force


# Other names than the form's fields: the library would take these from the form.
_READ = ("user", "works_here", "its_roles", "office")


@admin.register(Employee, site=office_site)
class EmployeeAdmin(PlainAdmin):
    """User name, role and office in one form. An employee who leaves is no longer active, and stays."""

    who = frozenset({SUPERUSER})
    not_own_row = True
    form = EmployeeForm
    list_display = ("user", "office", "works_here", "its_roles")
    list_filter = ("user__is_active", "user__groups")
    search_fields = ("user__username", "user__last_name", "office__name")

    def may(self, request: HttpRequest) -> bool:
        return is_superuser(request)

    def get_fields(self, request: HttpRequest, obj: Employee | None = None) -> list[Any]:
        """Whoever is new has no telephone to lose; whoever only reads sees the row and no form."""
        if not (self.has_change_permission(request, obj) if obj else self.may(request)):
            return list(_READ)
        fields = list(super().get_fields(request, obj))
        return fields if obj else [name for name in fields if name != "lost_telephone"]

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Not one's own row: nobody gives a role, an office or a new telephone to themselves."""
        is_own = isinstance(obj, Employee) and obj.user_id == request.user.pk
        return not is_own and super().has_change_permission(request, obj)

    def _remember(self, request: HttpRequest, obj: Model, fields: str) -> None:
        assert isinstance(obj, Employee)  # noqa: S101 - the model of this class
        told = {"employee": obj.user_id, "username": obj.user.username, "fields": fields}
        change = request.change_told  # type: ignore[attr-defined]
        remember(request, Note.EMPLOYEE_CHANGED, **told, change=change)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Employee]:
        found: QuerySet[Employee] = super().get_queryset(request)
        return found.select_related("user", "office").prefetch_related("user__groups")

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: Any) -> None:
        # Before the user is saved: what a role, an office or a CUIL was, an owner of the database could hide.
        request.change_told = told(form, add=not change)  # type: ignore[attr-defined]
        obj.user = form.save_user()
        super().save_model(request, obj, form, change)
        if form.cleaned_data.get("lost_telephone"):
            forget_factors(obj.user)
            remember(request, Note.FACTOR_RESET, employee=obj.user_id, username=obj.user.username)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:  # noqa: FBT001, FBT002
        """Whoever only reads needs none of the fields that are no column of the row."""
        if obj is not None and not self.has_change_permission(request, obj):
            kwargs |= {"form": forms.ModelForm, "fields": ()}
        return super().get_form(request, obj, change, **kwargs)

    def get_readonly_fields(self, request: HttpRequest, obj: Employee | None = None) -> tuple[str, ...]:
        return _READ if obj and not self.has_change_permission(request, obj) else ()

    @admin.display(boolean=True, description="activo")
    def works_here(self, employee: Employee) -> bool:
        return employee.user.is_active

    @admin.display(description="funciones")
    def its_roles(self, employee: Employee) -> str:
        return ", ".join(sorted(group.name for group in employee.user.groups.all()))
