"""The Clave and who holds it."""

from datetime import date, datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property
from django_countries import countries

from accounts import blocking, notices
from accounts.addresses import AddressToConfirm
from accounts.applications import Application
from accounts.certificates import Certificate
from accounts.door import pass_through
from accounts.events import Actor, ClaveEvent, Happening, Trail, record_all
from accounts.form_number import FORM_NUMBER_LENGTH, grouped, new_form_number
from accounts.lifecycle import (
    BIRTHS,
    CURRENT,
    LEVELS,
    LIVE,
    Move,
    MoveNotAllowed,
    State,
)  # fmt: skip
from accounts.open_sessions import OpenSession
from accounts.policies import PolicyVersion
from accounts.questions import FrequentQuestion
from accounts.secret import is_secret_of, new_seal, secret_matches
from guards.locks import one_at_a_time
from identity.cuil import Cuil

__all__ = [
    "AddressToConfirm", "Application", "Certificate", "Clave", "ClaveEvent", "FrequentQuestion",
    "OpenSession", "PolicyVersion", "User", "secret_matches",
]  # fmt: skip


# What a key that will never work again no longer holds.
ERASED: dict[str, Any] = {
    "deadline": None, "password": "", "former_passwords": [], "email": "", "email_confirmed_at": None,
    "former_email": "", "email_changed_at": None, "country": "", "address_abroad": "", "phone": "",
}  # fmt: skip


def overdue(today: date) -> Q:
    """Pending and past its last day, which is included (CCyC art. 6)."""
    return Q(state=State.PENDING, deadline__lt=today)


class User(AbstractUser):
    """Whoever can be logged in: a citizen (has a CUIL, never staff) or staff (has none).

    A citizen's secret lives on the Clave; the password field here serves staff only.
    """

    # Every log-in is an event already: no second write for it.
    last_login = None

    cuil = models.CharField("CUIL", max_length=11, unique=True, null=True, blank=True)
    # Of the person and not of a key: a new key must not be a way around it (accounts/blocking.py).
    blocked_at = models.DateTimeField("acceso bloqueado desde", null=True, blank=True)

    class Meta:
        verbose_name = "usuario"
        verbose_name_plural = "usuarios"
        constraints = [
            # Otherwise «forgot my key» on an employee's CUIL would open the office.
            models.CheckConstraint(
                name="citizens_are_never_staff",
                condition=Q(cuil__isnull=True) | Q(is_staff=False, is_superuser=False),
                violation_error_message="Quien tiene CUIL no puede ser personal de oficina.",
            ),
        ]

    def check_password(self, raw_password: str) -> bool:
        return is_secret_of(self, raw_password)

    def __str__(self) -> str:
        return Cuil(self.cuil).formatted if self.cuil else self.username

    @cached_property
    def clave(self) -> "Clave | None":
        """The live key, read once per request: its level is never kept in a session."""
        return Clave.objects.live().filter(cuil=self.cuil).first() if self.cuil else None

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """A citizen's sessions last as long as the seal of the key that opened them."""
        if not self.cuil:
            return super()._get_session_auth_hash(secret=secret)  # type: ignore[misc,no-any-return]
        seal = self.clave.seal if self.clave else new_seal()
        return salted_hmac("clave.session", seal, secret=secret, algorithm="sha256").hexdigest()


class ClaveQuerySet(models.QuerySet["Clave"]):
    def live(self) -> Self:
        """Enabled keys: the ones that log in."""
        return self.filter(state__in=LIVE)

    def pending(self) -> Self:
        """Pending keys whose last day has not passed, whether or not the purge has run."""
        return self.filter(state=State.PENDING, deadline__gte=timezone.localdate())

    def current(self) -> Self:
        return self.filter(state__in=CURRENT)

    def with_form(self, number: str) -> Self:
        """The key of a form number, by the index form_number_of_one_clave.

        It leaves out the keys without a form, and SQLite takes it only for a query that says so too.
        """
        return self.exclude(form_number="").filter(form_number=number)


class Clave(models.Model):
    """One key of one person. Its state changes through the moves below and nowhere else."""

    cuil = models.CharField("CUIL", max_length=11)
    state = models.CharField("estado", max_length=10, choices=State)
    password = models.CharField("clave (hash)", max_length=128, blank=True)
    # Hashes of the secrets before, the newest first (accounts/secret.py).
    former_passwords = models.JSONField("claves anteriores (hashes)", default=list, blank=True)
    secret_since = models.DateTimeField("con esta clave desde", default=timezone.now)
    # Changes with the secret, not with its hash: sessions are tied to it.
    seal = models.CharField("sello de sesiones", max_length=32, default=new_seal)
    created_at = models.DateTimeField("creada", default=timezone.now)
    state_since = models.DateTimeField("en este estado desde", default=timezone.now)
    deadline = models.DateField("último día para habilitarla", null=True, blank=True)
    policies_version = models.CharField("políticas aceptadas", max_length=20)
    policies_accepted_at = models.DateTimeField("aceptadas el")
    # Of a key that was born pending: the number of its form USI-07, which is void when the key is.
    form_number = models.CharField("número de formulario", max_length=FORM_NUMBER_LENGTH, blank=True)
    # The holder's own once the code that went there came back; until then whatever somebody typed.
    email = models.EmailField("correo electrónico", blank=True)
    email_confirmed_at = models.DateTimeField("correo confirmado el", null=True, blank=True)
    # The confirmed address before, which can undo the change for some days (accounts/addresses.py).
    former_email = models.EmailField("correo anterior", blank=True)
    email_changed_at = models.DateTimeField("correo cambiado el", null=True, blank=True)
    # Given by whoever lives abroad.
    country = models.CharField("país de residencia (ISO 3166-1)", max_length=2, blank=True)
    address_abroad = models.CharField("domicilio en el exterior", max_length=200, blank=True)
    phone = models.CharField("teléfono", max_length=40, blank=True)
    # How many days before the last one the latest reminder was for (accounts/reminders.py).
    last_reminder = models.PositiveSmallIntegerField("último recordatorio", null=True, blank=True)

    objects = ClaveQuerySet.as_manager()

    class Meta:
        verbose_name = "clave"
        verbose_name_plural = "claves"
        indexes = [
            models.Index(fields=["cuil"], name="clave_cuil"),
            # The purge and the reminders look only here; it stays small whatever the table does.
            models.Index(
                fields=["deadline"], name="clave_pending_deadline", condition=Q(state=State.PENDING)
            ),
            # What the purge has still to erase or to delete; a row leaves the index with it.
            models.Index(
                fields=["state_since"],
                name="clave_replaced_with_secret",
                condition=Q(state=State.REPLACED) & ~Q(password=""),
            ),
            models.Index(
                fields=["state_since"], name="clave_expired_since", condition=Q(state=State.EXPIRED)
            ),
            models.Index(
                fields=["email_changed_at"], name="clave_with_former_email", condition=~Q(former_email="")
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="clave_state_is_known",
                condition=Q(state__in=list(State)),
                violation_error_message="Ese estado no existe.",
            ),
            models.CheckConstraint(
                name="clave_cuil_is_11_digits",
                condition=Q(cuil__regex=r"^[0-9]{11}\Z"),
                violation_error_message="El CUIL tiene que tener 11 números.",
            ),
            models.UniqueConstraint(
                name="one_pending_clave_per_cuil",
                fields=["cuil"],
                condition=Q(state=State.PENDING),
                violation_error_message="Ya hay una clave pendiente para ese CUIL.",
            ),
            models.UniqueConstraint(
                name="one_live_clave_per_cuil",
                fields=["cuil"],
                condition=Q(state__in=sorted(LIVE)),
                violation_error_message="Ya hay una clave habilitada para ese CUIL.",
            ),
            models.UniqueConstraint(
                name="form_number_of_one_clave",
                fields=["form_number"],
                condition=~Q(form_number=""),
                violation_error_message="Ese número de formulario ya es de otra clave.",
            ),
            models.CheckConstraint(
                name="pending_clave_has_its_form",
                condition=~Q(state=State.PENDING, form_number=""),
                violation_error_message="Una clave pendiente tiene un formulario USI-07.",
            ),
            models.CheckConstraint(
                name="deadline_exactly_when_pending",
                condition=Q(state=State.PENDING, deadline__isnull=False)
                | (~Q(state=State.PENDING) & Q(deadline__isnull=True)),
                violation_error_message="Sólo las claves pendientes tienen un último día.",
            ),
            models.CheckConstraint(
                name="confirmed_address_is_there",
                condition=Q(email_confirmed_at__isnull=True) | ~Q(email=""),
                violation_error_message="No hay correo que esté confirmado.",
            ),
            models.CheckConstraint(
                name="former_address_knows_since_when",
                condition=Q(former_email="", email_changed_at__isnull=True)
                | (~Q(former_email="") & Q(email_changed_at__isnull=False)),
                violation_error_message="De un correo anterior se sabe cuándo dejó de valer.",
            ),
        ]

    def __str__(self) -> str:
        return f"{Cuil(self.cuil).formatted}: {self.get_state_display()}"

    @property
    def level(self) -> int | None:
        """2 or 3; None when the key opens nothing."""
        return LEVELS.get(State(self.state))

    @property
    def country_name(self) -> str:
        return str(countries.name(self.country))

    @property
    def form_number_in_groups(self) -> str:
        return grouped(self.form_number)

    # --- Births ---------------------------------------------------------------------------------

    @classmethod
    def create_verified(cls, cuil: str, **content: Any) -> "Clave":
        """A key of somebody who proved who they are; it replaces whatever key they had.

        Raises:
            AccessBlocked: the holder shut the way by internet; only an office opens it again.
        """
        return cls._born(Move.CREATE_VERIFIED, cuil, **content)

    @classmethod
    def create_pending(cls, cuil: str, **content: Any) -> "Clave":
        """A key to be enabled within 90 days. A live one keeps working; a pending one is replaced."""
        last_day = timezone.localdate() + timedelta(days=settings.PORTAL_PENDING_DAYS)
        number = new_form_number()
        return cls._born(Move.CREATE_PENDING, cuil, deadline=last_day, form_number=number, **content)

    @classmethod
    @transaction.atomic
    def _born(
        cls,
        move: Move,
        cuil: str,
        *,
        password_hash: str,
        policies: tuple[str, datetime],
        trail: Trail,
        **columns: Any,
    ) -> "Clave":
        """Whatever key this one takes the place of is replaced in the same breath."""
        one_at_a_time(cuil)
        if move is Move.CREATE_VERIFIED:
            blocking.refuse_if_blocked(cuil)
        replaced = CURRENT if move is Move.CREATE_VERIFIED else {State.PENDING}
        for former in cls.objects.filter(cuil=cuil, state__in=replaced):
            late = former.deadline is not None and former.deadline < timezone.localdate()
            former.expire(trail=trail) if late else former.replace(trail=trail)
        version, accepted_at = policies
        clave = cls.objects.create(
            cuil=cuil,
            state=BIRTHS[move],
            password=password_hash,
            policies_version=version,
            policies_accepted_at=accepted_at,
            **columns,
        )
        record_all([Happening(cuil, move, clave.pk, target=clave.state)], trail)
        notices.tell(move, [clave])
        # With a character that no staff user name may have: the two can never collide.
        User.objects.get_or_create(cuil=cuil, defaults={"username": f"cuil:{cuil}"})
        return clave

    # --- Moves ----------------------------------------------------------------------------------

    @transaction.atomic
    def enable_online(self, *, trail: Trail) -> None:
        one_at_a_time(self.cuil)
        blocking.refuse_if_blocked(self.cuil)
        self._enable(Move.ENABLE_ONLINE, trail)

    @transaction.atomic
    def enable_in_office(self, *, trail: Trail) -> None:
        """Whoever enables it there has seen the documents: a block ends with it."""
        self._enable(Move.ENABLE_IN_OFFICE, trail)
        blocking.unblock(self.cuil, trail)

    def raise_level(self, *, trail: Trail) -> None:
        self._move(Move.RAISE_LEVEL, trail)

    def expire(self, *, trail: Trail) -> None:
        """The last day passed: the secret and what was told to reach the person are erased."""
        self._move(Move.EXPIRE, trail, only_if=overdue(timezone.localdate()), **ERASED)

    def replace(self, *, trail: Trail) -> None:
        """A key that worked may come back; a pending one never does, and keeps nothing."""
        erased = ERASED if self.state == State.PENDING else {"deadline": None}
        self._move(Move.REPLACE, trail, **erased)

    def revoke(self, *, trail: Trail) -> None:
        self._move(Move.REVOKE, trail, **ERASED)

    @transaction.atomic
    def restore(self, *, trail: Trail) -> None:
        """Undo a replacement: the newer live key is revoked, this one is what it was.

        Raises:
            MoveNotAllowed: this key was not replaced while it was enabled, or too long ago; or an
                office decided since then, having seen a document, which a mail does not outweigh.
        """
        one_at_a_time(self.cuil)
        replacement = (
            ClaveEvent.objects.filter(clave_number=self.pk, kind=Move.REPLACE, cuil=self.cuil)
            .order_by("-seq")
            .first()
        )
        if replacement is None or replacement.source not in LIVE:
            raise MoveNotAllowed(f"{Move.RESTORE.label}: {self.get_state_display()}")
        if office_has_decided(self.cuil, since=replacement.at):
            raise MoveNotAllowed(f"{Move.RESTORE.label}: {self.get_state_display()}")
        newer = Clave.objects.live().filter(cuil=self.cuil).first()
        if newer is not None:
            newer.revoke(trail=trail)
        recent = timezone.now() - timedelta(hours=settings.PORTAL_DISAVOWAL_HOURS)
        in_time = Q(state_since__gte=recent)
        self._move(Move.RESTORE, trail, target=State(replacement.source), only_if=in_time)

    def _enable(self, move: Move, trail: Trail) -> None:
        """From pending, in time; the key that was live until now is replaced in the same breath."""
        with transaction.atomic():
            one_at_a_time(self.cuil)
            for former in Clave.objects.live().filter(cuil=self.cuil):
                former.replace(trail=trail)
            in_time = Q(deadline__gte=timezone.localdate())
            self._move(move, trail, only_if=in_time, deadline=None)

    def _move(
        self,
        move: Move,
        trail: Trail,
        *,
        target: State | None = None,
        only_if: Q | None = None,
        **changes: Any,
    ) -> None:
        """Through the one door. The stored row decides, not this copy of it.

        Raises:
            MoveNotAllowed: the row was elsewhere; nothing changed.
        """
        if not pass_through([self], move, trail, target=target, only_if=only_if, **changes):
            raise MoveNotAllowed(f"{move.label}: {self.get_state_display()}")
        self.refresh_from_db()


def office_has_decided(cuil: str, *, since: datetime) -> bool:
    """Whether a key of this person is of level 3 now, or an office revoked one since then."""
    revoked = ClaveEvent.objects.filter(cuil=cuil, kind=Move.REVOKE, actor=Actor.STAFF, at__gte=since)
    return Clave.objects.filter(cuil=cuil, state=State.LEVEL_3).exists() or revoked.exists()
