"""Two doors into one table of users: the Clave for citizens, a user name for staff."""

from typing import Any

from django.contrib.auth.backends import BaseBackend, ModelBackend
from django.db.models import QuerySet
from django.http import HttpRequest

from accounts.models import Clave, User, secret_matches


class ClaveBackend(BaseBackend):
    """CUIL and live key. Unknown CUIL, pending key, wrong key, blocked access: same answer, same work."""

    def authenticate(
        self,
        request: HttpRequest | None,
        cuil: str | None = None,
        password: str | None = None,
        **_: Any,
    ) -> User | None:
        if cuil is None or password is None:
            return None
        clave = Clave.objects.live().filter(cuil=cuil).first()
        if not secret_matches(password, clave):
            return None
        user = _may_enter().filter(cuil=cuil).first()
        if user is not None:
            user.clave = clave
        return user

    def get_user(self, user_id: int) -> User | None:
        return _may_enter().filter(pk=user_id, cuil__isnull=False).first()


def _may_enter() -> QuerySet[User]:
    """Asked at log-in and on every request: whoever is barred or blocked is out at the next click."""
    return User.objects.filter(is_active=True, blocked_at__isnull=True)


class StaffBackend(ModelBackend):
    """User name and password, for rows without a CUIL only."""

    def user_can_authenticate(self, user: Any) -> bool:
        return super().user_can_authenticate(user) and user.cuil is None
