"""Two doors into one table of users: the Clave for citizens, a user name for staff."""

from typing import Any

from django.contrib.auth.backends import BaseBackend, ModelBackend
from django.http import HttpRequest

from accounts.models import Clave, User, secret_matches


class ClaveBackend(BaseBackend):
    """CUIL and live key. Unknown CUIL, pending key and wrong key: same answer, same work."""

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
        user = User.objects.filter(cuil=cuil, is_active=True).first()
        if user is not None:
            user.clave = clave
        return user

    def get_user(self, user_id: int) -> User | None:
        return User.objects.filter(pk=user_id, cuil__isnull=False, is_active=True).first()


class StaffBackend(ModelBackend):
    """User name and password, for rows without a CUIL only."""

    def user_can_authenticate(self, user: Any) -> bool:
        return super().user_can_authenticate(user) and user.cuil is None
