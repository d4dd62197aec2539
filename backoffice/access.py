"""Which page of the office is open to whom, read off the site itself: the table leaves no page out."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.urls import URLPattern, URLResolver
from django.views.generic import RedirectView

from backoffice.admin import PlainAdmin
from backoffice.deeds import DEEDS
from backoffice.roles import ROLES, SUPERUSER
from backoffice.site import Opens, office_site

WHO = (*ROLES, SUPERUSER)
_ALL = frozenset(WHO)
# Pages of the site itself: for whoever is in, and for whoever wants to be.
_OF_EVERYBODY = {
    "index", "app_list", "password_change", "password_change_done", "jsi18n",
    "login", "logout", "segundo-factor",
}  # fmt: skip
_OF_NOBODY = {"delete"}


class About(StrEnum):
    """What a page is about, as seen by the employee who opens it."""

    OWN_OFFICE = "algo de su oficina"
    OTHER_OFFICE = "algo de otra oficina"
    OWN_CUIL = "su propio CUIL"


@dataclass(frozen=True)
class Door:
    """One address, who may use it and who may look, and what holds besides the role."""

    address: str
    name: str
    who: frozenset[str]
    readers: frozenset[str] = frozenset()
    own_office: bool = False
    not_own: bool = False

    def opens(self, who: str, about: About, *, reading: bool) -> bool:
        """Whoever only reads is of no office: they see what all of them do."""
        if who not in self.who:
            own = self.not_own and about is About.OWN_CUIL
            return reading and who in self.readers and not own
        shut = (self.own_office and about is About.OTHER_OFFICE) or (self.not_own and about is About.OWN_CUIL)
        return not shut

    def mark(self, who: str) -> str:
        if who in self.who:
            return "sí"
        return "mira" if who in self.readers else ""

    @property
    def plain_address(self) -> str:
        """As people write it: N for a number, «app» for one of the library's folders."""
        bare = re.sub(r"\^\(\?P<app_label>[^)]*\)/\$", "app/", self.address)
        return re.sub(r"<[^>]+>", "N", bare)

    @property
    def besides(self) -> str:
        rules = {"de su oficina": self.own_office, "no de su propio CUIL": self.not_own}
        return ", ".join(rule for rule, holds in rules.items() if holds)


def doors() -> Iterator[Door]:
    """Every address of the office, in the order of the resolver; one for each deed."""
    for address, pattern in _flat(office_site.get_urls(), "/admin/"):
        if pattern.name == "acto":
            yield from _deeds(address)
        elif pattern.name or not _leads_nowhere(pattern):
            yield _door(address, pattern.callback, str(pattern.name))


def _leads_nowhere(pattern: URLPattern) -> bool:
    """The library's own: an old address of a row, and whatever is no address."""
    view: Any = pattern.callback
    return getattr(view, "view_class", None) is RedirectView or view.__name__ == "catch_all_view"


def _flat(patterns: Iterable[URLPattern | URLResolver], start: str) -> Iterator[tuple[str, URLPattern]]:
    for pattern in patterns:
        address = start + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _flat(pattern.url_patterns, address)
        else:
            yield address, pattern


def _deeds(address: str) -> Iterator[Door]:
    for deed in DEEDS.values():
        yield Door(address.replace("<slug:slug>", deed.slug), deed.slug, _with({deed.may}), not_own=True)


def _door(address: str, view: Any, name: str) -> Door:
    """Raises LookupError for a page that does not say whose it is."""
    if isinstance(opens := getattr(view, "opens", None), Opens):
        who, readers = _with(opens.needs), _with(opens.readers)
        return Door(address, name, who, readers, opens.own_office, opens.not_own)
    if isinstance(model_admin := getattr(view, "model_admin", None), PlainAdmin):
        return _row_page(address, name, model_admin)
    if name in _OF_EVERYBODY:
        return Door(address, name, _ALL)
    raise LookupError(f"{address} does not say who may open it")


def _row_page(address: str, name: str, model_admin: PlainAdmin) -> Door:
    what = name.rpartition("_")[2]
    return Door(
        address,
        name,
        who=frozenset() if what in _OF_NOBODY else model_admin.who,
        readers=frozenset() if what in _OF_NOBODY | {"add"} else model_admin.readers,
        not_own=model_admin.not_own_row and what == "change",
    )


def _with(needs: Iterable[Any]) -> frozenset[str]:
    return frozenset(role for role, may in ROLES.items() if may & set(needs))
