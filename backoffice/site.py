"""The office's own admin site: who may in, and the second factor."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import wraps
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.contrib.admin import AdminSite
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse

from accounts.events import Note
from backoffice.models import Employee
from backoffice.roles import May

Page = Callable[..., HttpResponseBase]


class OfficeSite(AdminSite):
    """Staff with a second factor (without it only in the demonstration), and plain pages of our own.

    Models are registered here for reading, or for content that employees edit. Deeds on keys are pages
    with evidence (backoffice/pages/), never the editing of a row.
    """

    site_title = site_header = "Clave: oficina"
    index_title = "Buscar un caso"
    site_url = None
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        user: Any = request.user
        if not (user.is_active and user.is_staff):
            return False
        return settings.PORTAL_DEMO or user.is_verified()

    def get_urls(self) -> list[URLPattern | URLResolver]:
        """Without the library's pages that nothing here leads to, or that ours stand for."""
        from backoffice.urls import pages

        unused = {"autocomplete", "view_on_site", "logout"}
        library = [url for url in super().get_urls() if getattr(url, "name", None) not in unused]
        return [*pages(), *library]

    def index(self, request: HttpRequest, extra_context: Any = None) -> TemplateResponse:
        """The search box, and what else this employee may open."""
        models = [
            (model["admin_url"], model["name"])
            for app in self.get_app_list(request)
            for model in app["models"]
            if model["admin_url"]
        ]
        from backoffice.pages.board import board_context

        context = {"title": "Buscar un caso", "models": models, **board_context(request)}
        return show(request, "backoffice/inicio.html", **context)

    def app_index(self, request: HttpRequest, app_label: str, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        """Where the library's breadcrumbs lead to: everything stands on the first page."""
        return redirect("admin:index")

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:  # type: ignore[override]
        from backoffice.trails import remember

        answer = super().password_change(request, extra_context)
        if answer.status_code == HTTPStatus.FOUND:
            user: Any = request.user
            remember(request, Note.EMPLOYEE_CHANGED, employee=user.pk, fields="clave de la oficina")
        return answer

    def login(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        from backoffice.pages.entering import enter

        return enter(request)


office_site = OfficeSite(name="admin")


def employee_of(request: HttpRequest) -> Employee:
    """Who acts.

    Raises:
        PermissionDenied: a user without an office (a superuser, say) looks, and does nothing.
    """
    try:
        employee: Employee = request.user.employee  # type: ignore[union-attr]
    except (Employee.DoesNotExist, AttributeError):
        raise PermissionDenied from None
    return employee


def allowed(request: HttpRequest, may: May) -> bool:
    """By role alone: being a superuser adds nothing at an office. Asked of the database once a request."""
    user: Any = request.user
    if not user.is_active:
        return False
    if not hasattr(request, "office_may"):
        of_us = {"permissions__content_type__app_label": "backoffice"}
        names = user.groups.filter(**of_us).values_list("permissions__codename", flat=True)
        request.office_may = frozenset(names)  # type: ignore[attr-defined]
    return may.value in request.office_may  # type: ignore[attr-defined]


def is_superuser(request: HttpRequest) -> bool:
    """Whoever makes employees. It adds nothing to what their roles let them do with keys."""
    user: Any = request.user
    return bool(user.is_active and user.is_superuser)


@dataclass(frozen=True)
class Opens:
    """Whom a page is open to, besides what it sees to itself: `own_office`, and `not_own` CUIL.

    `readers` may look (GET) and send nothing. backoffice/access.py tells it on.
    """

    needs: frozenset[May]
    readers: frozenset[May] = frozenset()
    own_office: bool = False
    not_own: bool = False

    def to(self, request: HttpRequest) -> bool:
        may = self.needs | (self.readers if request.method in {"GET", "HEAD"} else frozenset())
        return any(allowed(request, one) for one in may)


def office_page(
    address: str, page: Page, name: str, *needs: May, readers: Iterable[May] = (), **rules: bool
) -> URLPattern:
    """A page of the office: for staff who are in, and whose role has one of `needs`."""
    opens = Opens(frozenset(needs), frozenset(readers), **rules)

    @wraps(page)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not opens.to(request):
            raise PermissionDenied
        return page(request, *args, **kwargs)

    guarded.opens = opens  # type: ignore[attr-defined]
    return path(address, office_site.admin_view(guarded), name=name)


# What stands above every page of the office, for whoever may open it.
NAVIGATION = (
    ("admin:index", "Buscar un caso", {May.LOOK_UP}),
    ("admin:propuestas", "Esperan a otra persona", {May.APPROVE, May.AUDIT}),
    ("admin:avisos", "Avisos", {May.REPORTS, May.AUDIT}),
    ("admin:auditoria", "Auditoría", {May.AUDIT}),
    ("admin:tablero", "Tablero", {May.BOARD}),
)


def show(request: HttpRequest, template: str, *, status: int = 200, **context: Any) -> TemplateResponse:
    """Render a page of the office: what it needs, and the navigation of this employee."""
    links = [
        (reverse(name), label) for name, label, may in NAVIGATION if any(allowed(request, one) for one in may)
    ]
    employee = getattr(request.user, "employee", None)
    return TemplateResponse(
        request,
        template,
        {"navigation": links, "employee": employee, "may_search": allowed(request, May.LOOK_UP), **context},
        status=status,
    )
