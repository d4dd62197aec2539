"""Who may do what at an office: one table. The groups of the database follow it at every migrate."""

from enum import StrEnum
from typing import Any


class May(StrEnum):
    """A permission, by its codename on `backoffice.employee`."""

    LOOK_UP = "look_up"
    ENABLE = "enable"
    RAISE = "raise_level"
    ATTORNEY = "enable_by_attorney"
    UNBLOCK = "unblock_access"
    POST = "handle_post"
    APPROVE = "approve"
    RESET = "reset_attempts"
    REVOKE = "revoke"
    REPORTS = "handle_reports"
    AUDIT = "read_audit"
    EXPORT = "export_audit"
    BOARD = "see_board"
    CONTENT = "edit_content"


LABELS = {
    May.LOOK_UP:  "Buscar una persona y ver su caso",
    May.ENABLE:   "Habilitar con USI-07",
    May.RAISE:    "Elevar a nivel 3",
    May.ATTORNEY: "Habilitar por apoderado",
    May.UNBLOCK:  "Desbloquear el acceso",
    May.POST:     "Atender el correo del exterior",
    May.APPROVE:  "Aprobar lo que otra persona propuso",
    May.RESET:    "Restablecer intentos",
    May.REVOKE:   "Revocar una clave",
    May.REPORTS:  "Atender avisos",
    May.AUDIT:    "Leer la auditoría",
    May.EXPORT:   "Exportar la auditoría",
    May.BOARD:    "Ver el tablero",
    May.CONTENT:  "Editar contenidos",
}  # fmt: skip

ROLES = {
    "Mesa de entrada": frozenset({May.LOOK_UP, May.ENABLE, May.RAISE, May.ATTORNEY, May.UNBLOCK}),
    "UCA":             frozenset({May.LOOK_UP, May.POST}),
    "Supervisor":      frozenset({
        May.LOOK_UP, May.APPROVE, May.UNBLOCK, May.RESET, May.REVOKE, May.REPORTS, May.BOARD,
    }),
    "Auditor":         frozenset({May.LOOK_UP, May.AUDIT, May.EXPORT, May.BOARD}),
    "Contenidos":      frozenset({May.CONTENT}),
}  # fmt: skip


def has_role(user: Any, may: May) -> bool:
    """By the groups alone, asked of the database."""
    of_us = {"permissions__codename": may.value, "permissions__content_type__app_label": "backoffice"}
    return bool(user.groups.filter(**of_us).exists())


# No role of an office: makes employees, and does nothing with keys.
SUPERUSER = "Superusuario"


def sync_roles(**_: Any) -> None:
    """Make the groups what the table says; whoever is in one keeps being in it."""
    from django.apps import apps
    from django.contrib.auth.management import create_permissions
    from django.contrib.auth.models import Group, Permission

    create_permissions(apps.get_app_config("backoffice"), verbosity=0)
    known = {
        permission.codename: permission
        for permission in Permission.objects.filter(content_type__app_label="backoffice")
    }
    for name, may in ROLES.items():
        group, _new = Group.objects.get_or_create(name=name)
        group.permissions.set([known[codename] for codename in may])
