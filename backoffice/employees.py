"""One form for an employee: the user with whom they log in, their role, their office."""

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django_otp import devices_for_user

from accounts.models import User
from backoffice.models import Employee
from backoffice.roles import ROLES
from identity.cuil import Cuil, InvalidCuil
from offices.models import Office

_OF_USER = ("username", "first_name", "last_name", "is_active")


class EmployeeForm(forms.ModelForm):
    username = forms.CharField(
        label="nombre de usuario", max_length=150, validators=[User.username_validator]
    )
    first_name = forms.CharField(label="nombre", max_length=150, required=False)
    last_name = forms.CharField(label="apellido", max_length=150, required=False)
    password = forms.CharField(
        label="clave de la oficina",
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="Al menos 15 caracteres. Vacía: queda la que tiene. Una nueva cierra sus sesiones.",
    )
    roles = forms.ModelMultipleChoiceField(
        label="funciones",
        queryset=Group.objects.filter(name__in=ROLES),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    is_active = forms.BooleanField(
        label="activo", required=False, initial=True, help_text="Sin la marca, no puede entrar."
    )
    lost_telephone = forms.BooleanField(
        label="perdió el teléfono",
        required=False,
        help_text="Asocia otro la próxima vez que entre, con la clave nueva que le pongas acá.",
    )
    cuil = forms.CharField(label="CUIL propio", max_length=20, help_text="Nadie actúa sobre su propia clave.")

    class Meta:
        model = Employee
        fields = (
            "username", "first_name", "last_name", "password", "lost_telephone", "roles", "is_active",
            "office", "cuil",
        )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "office" in self.fields:  # whoever only reads has no form
            own = Q(pk=self.instance.office_id)
            self.fields["office"].queryset = Office.objects.filter(Q(withdrawn=False) | own)  # type: ignore[attr-defined]
        if self.instance.pk:
            user = self.instance.user
            self.initial.update({name: getattr(user, name) for name in _OF_USER})
            self.initial["roles"] = list(user.groups.all())

    def clean_username(self) -> str:
        name = str(self.cleaned_data["username"])
        others = get_user_model().objects.exclude(pk=self.instance.user_id)
        if others.filter(username__iexact=name).exists():
            raise ValidationError("Ya hay alguien con ese nombre de usuario.")
        return name

    def clean_password(self) -> str:
        password = str(self.cleaned_data["password"])
        if password:
            validate_password(password)
        elif not self.instance.pk:
            raise ValidationError("Ponele una clave para la primera vez.")
        return password

    def clean_cuil(self) -> str:
        try:
            return str(Cuil.parse(self.cleaned_data["cuil"]))
        except InvalidCuil as error:
            raise ValidationError(str(error)) from error

    def clean(self) -> dict[str, Any] | None:
        """Whoever has the old password and no telephone must not be the one who ties the next."""
        typed: dict[str, Any] = super().clean() or self.cleaned_data
        if typed.get("lost_telephone") and not typed.get("password"):
            self.add_error("password", "Para asociar otro teléfono, ponele también una clave nueva.")
        return typed

    @transaction.atomic
    def save_user(self) -> User:
        """The user of this employee, as the form says; roles of other making are left alone."""
        user = self.instance.user if self.instance.pk else User(is_staff=True)
        for name in _OF_USER:
            setattr(user, name, self.cleaned_data[name])
        if self.cleaned_data["password"]:
            user.set_password(self.cleaned_data["password"])
        user.save()
        user.groups.set([*user.groups.exclude(name__in=ROLES), *self.cleaned_data["roles"]])
        return user


def forget_factors(user: User) -> None:
    """Telephone and spare codes: the next log-in ties another telephone."""
    for device in devices_for_user(user, confirmed=None):
        device.delete()
