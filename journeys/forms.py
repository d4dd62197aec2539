"""What people type, and every sentence that answers a mistake."""

from datetime import date
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.password_policy import About, broken_rules
from identity.cuil import Cuil, InvalidCuil
from identity.models import Person
from identity.tramite import InvalidTramite, parse_tramite
from journeys.captcha.field import CaptchaForm


class CuilField(forms.CharField):
    """A CUIL as people write it; gives a Cuil."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label="Número de CUIL",
            help_text="Son 11 números. Por ejemplo: 20-12345678-6",
            required=False,
            max_length=64,
            error_messages={"max_length": "El CUIL tiene que tener 11 números."},
            **kwargs,
        )

    def clean(self, value: Any) -> Cuil:
        try:
            return Cuil.parse(super().clean(value))
        except InvalidCuil as error:
            raise ValidationError(str(error)) from error


class TramiteField(forms.CharField):
    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label="Trámite N°",
            help_text="Son 11 números.",
            required=False,
            max_length=64,
            error_messages={"max_length": "El número de trámite tiene que tener 11 números."},
            **kwargs,
        )

    def clean(self, value: Any) -> str:
        try:
            return parse_tramite(super().clean(value))
        except InvalidTramite as error:
            raise ValidationError(str(error)) from error


class SecretField(forms.CharField):
    """A key as it was typed: nothing stripped, nothing normalised, never sent back."""

    def __init__(self, label: str, missing: str, help_text: str = "") -> None:
        super().__init__(
            label=label,
            help_text=help_text,
            strip=False,
            max_length=256,
            widget=forms.PasswordInput,
            error_messages={
                "required": missing,
                "max_length": "La clave tiene que tener entre 8 y 15 caracteres.",
            },
        )


class LogInForm(CaptchaForm):
    cuil = CuilField()
    password = SecretField(
        "Clave de Seguridad Social", "Ingresá tu clave", "Se distingue entre mayúscula y minúscula"
    )

    field_order = ["cuil", "password", "captcha"]

    WRONG = "El CUIL o la clave no son correctos. Revisá las mayúsculas."


class PoliciesForm(forms.Form):
    decision = forms.ChoiceField(
        choices=[("accept", "ACEPTO"), ("decline", "NO ACEPTO")],
        error_messages={
            "required": "Elegí ACEPTO o NO ACEPTO",
            "invalid_choice": "Elegí ACEPTO o NO ACEPTO",
        },
    )


class CuilForm(CaptchaForm):
    HERE, ABROAD = "AR", "EX"

    cuil = CuilField()
    residence = forms.ChoiceField(
        label="¿Dónde vivís?",
        choices=[(HERE, "En Argentina"), (ABROAD, "En el exterior")],
        error_messages={
            "required": "Elegí dónde vivís",
            "invalid_choice": "Elegí dónde vivís",
        },
    )

    field_order = ["cuil", "residence", "captcha"]


class DataForm(forms.Form):
    verdict = forms.ChoiceField(
        choices=[("correct", "CORRECTOS"), ("wrong", "INCORRECTOS")],
        error_messages={
            "required": "Elegí CORRECTOS o INCORRECTOS",
            "invalid_choice": "Elegí CORRECTOS o INCORRECTOS",
        },
    )


class TramiteForm(forms.Form):
    tramite = TramiteField()

    WRONG = "El número de trámite no coincide con el de tu último DNI. Fijate que sea el del DNI vigente."


class AnswerForm(forms.Form):
    """The answer to one question; `options` are (value, label) pairs in their fixed order."""

    answer = forms.ChoiceField(
        error_messages={
            "required": "Elegí una respuesta",
            "invalid_choice": "Elegí una respuesta",
        },
    )
    # Written by the page, not by people: whatever is wrong with it, there is one thing to say.
    number = forms.IntegerField(
        min_value=1,
        error_messages=dict.fromkeys(("required", "invalid", "min_value"), "Elegí una respuesta"),
    )

    def __init__(self, *args: Any, options: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].choices = options  # type: ignore[attr-defined]


class PasswordForm(forms.Form):
    password = SecretField("Elegí una clave", "Ingresá tu clave", "Se distingue entre mayúscula y minúscula")
    repeat = SecretField(
        "Confirmá tu clave", "Escribí la clave otra vez", "Escribila otra vez, igual que arriba"
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.about = about(person)

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        if broken := broken_rules(password, self.about):
            raise ValidationError(list(broken.values()))
        return password

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        typed = self.data.get(self.add_prefix("password"))
        if "repeat" in cleaned and cleaned["repeat"] != typed:
            self.add_error("repeat", "Las dos claves no son iguales")
        return cleaned


def about(person: Person) -> About:
    """What the key of this person must not contain."""
    born: date = person.birth_date
    return About(
        names=(person.surname, person.given_names),
        document=person.document_number,
        cuil=person.cuil,
        birth_date=born,
    )
