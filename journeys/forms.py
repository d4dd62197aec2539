"""What people type, and every sentence that answers a mistake."""

import re
from datetime import date
from typing import Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django_countries import countries

from accounts.form_number import InvalidFormNumber, parse_form_number
from accounts.password_policy import About, broken_rules
from guards.limits import LimitReached
from identity.cuil import Cuil, InvalidCuil
from identity.models import Person
from identity.probable import F, InvalidDocument, M, X, parse_document
from identity.tramite import InvalidTramite, parse_tramite
from journeys.captcha.field import CaptchaForm
from journeys.facts import ONLINE, WISH


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


class EMailField(forms.EmailField):
    """«E-Mail», as both documents call it. One address: no commas, which the queue would split at."""

    def __init__(self, *, help_text: str, required: bool) -> None:
        wrong = "Revisá el E-Mail: tiene que ser como nombre@ejemplo.com"
        super().__init__(
            label="E-Mail",
            help_text=help_text,
            required=required,
            max_length=254,
            error_messages={"required": "Ingresá tu E-Mail", "invalid": wrong, "max_length": wrong},
        )

    def to_python(self, value: Any) -> Any:
        address = super().to_python(value)
        if re.search(r'[\x00-\x20",;<>]', address or ""):
            raise ValidationError(self.error_messages["invalid"])
        return address


def too_many_tries(reached: LimitReached) -> str:
    minutes = reached.minutes_left
    return f"Hubo muchos intentos con ese CUIL. Probá de nuevo en {minutes} minuto{'s' * (minutes > 1)}."


class LogInForm(CaptchaForm):
    cuil = CuilField()
    password = SecretField(
        "Clave de Seguridad Social", "Ingresá tu clave", "Se distingue entre mayúscula y minúscula"
    )

    field_order = ["cuil", "password", "captcha"]

    WRONG = "El CUIL o la clave no son correctos. Revisá las mayúsculas."


class PoliciesForm(forms.Form):
    # Which text was on the page. Missing or made up, it is not the one in force.
    version = forms.CharField(required=False, widget=forms.HiddenInput)
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


class WayForm(forms.Form):
    way = forms.ChoiceField(
        choices=[(ONLINE, "POR INTERNET, AHORA"), (WISH, "CON EL FORMULARIO USI-07")],
        error_messages={
            "required": "Elegí cómo querés seguir",
            "invalid_choice": "Elegí cómo querés seguir",
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


class NewKeyForm(forms.Form):
    """A new key, twice. `about` says what it must not contain of the person."""

    password = SecretField("Elegí una clave", "Ingresá tu clave", "Se distingue entre mayúscula y minúscula")
    repeat = SecretField(
        "Confirmá tu clave", "Escribí la clave otra vez", "Escribila otra vez, igual que arriba"
    )

    about = About()

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


class PasswordForm(NewKeyForm):
    email = EMailField(
        help_text=(
            "Si querés: para avisarte de lo que pase con tu clave. Después de ingresar vas a confirmarlo."
            " Podés dejarlo vacío."
        ),
        required=False,
    )

    field_order = ["email", "password", "repeat"]

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.about = about(person)


class PendingForm(PasswordForm):
    """The paper way asks for the e-mail: nothing else reaches the person in those 90 days (R13)."""

    email = EMailField(
        help_text="Te vamos a avisar cuando falten pocos días para habilitar la clave.", required=True
    )

    contact: ClassVar[tuple[str, ...]] = ("email",)
    field_order = ["country", "address_abroad", "phone", "email", "password", "repeat"]


def refuse_impossible_phone(value: str) -> None:
    if not set(value) <= set("0123456789+()-./ ") or sum(map(str.isdigit, value)) < 6:
        raise ValidationError("Revisá el teléfono: lleva números, y al menos 6")


class PendingFormAbroad(PendingForm):
    """«Todos los datos que se solicitan» of whoever lives abroad (manual B 2, ruling R14)."""

    country = forms.ChoiceField(
        label="País",
        error_messages={
            "required": "Elegí el país donde vivís",
            "invalid_choice": "Elegí el país donde vivís",
        },
    )
    address_abroad = forms.CharField(
        label="Domicilio en el exterior",
        help_text="Calle y número, ciudad y código postal.",
        max_length=200,
        error_messages={
            "required": "Ingresá tu domicilio en el exterior",
            "max_length": "El domicilio puede tener hasta 200 letras y números",
        },
    )
    phone = forms.CharField(
        label="Teléfono",
        help_text="Con el código del país. Por ejemplo: +34 600 123 456",
        max_length=40,
        validators=[refuse_impossible_phone],
        error_messages={
            "required": "Ingresá tu teléfono",
            "max_length": "El teléfono puede tener hasta 40 números y signos",
        },
    )

    contact = ("email", "country", "address_abroad", "phone")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["country"].choices = [("", "Elegí un país"), *countries]  # type: ignore[attr-defined]


class ForWhomForm(forms.Form):
    """Oneself, or the number of one of the curatelas in `numbers`."""

    ONESELF = "0"

    choice = forms.ChoiceField(
        label="¿En nombre de quién vas a actuar?",
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Elegí una opción"),
    )

    def __init__(self, *args: Any, numbers: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = [self.ONESELF, *map(str, numbers)]
        self.fields["choice"].choices = [(number, number) for number in known]  # type: ignore[attr-defined]


class SearchPersonForm(forms.Form):
    """Only drawn, never validated: whatever is typed gets an answer."""

    search = forms.CharField(label="Buscá a una persona", help_text="Por nombre, apellido o CUIL.")


class FormNumberField(forms.CharField):
    def __init__(self) -> None:
        super().__init__(
            label="Número de formulario",
            help_text="Está arriba de todo en el formulario USI-07. Por ejemplo: K7QM-3D9X-2HVRA",
            required=False,
            max_length=64,
            error_messages={"max_length": "Revisá el número de formulario: tiene 13 letras y números."},
        )

    def clean(self, value: Any) -> str:
        try:
            return parse_form_number(super().clean(value))
        except InvalidFormNumber as error:
            raise ValidationError(str(error)) from error


class RecoverForm(CaptchaForm):
    """«Ya creé mi clave»: the form again, for whoever has its number."""

    form_number = FormNumberField()
    cuil = CuilField()

    field_order = ["form_number", "cuil", "captcha"]

    WRONG = "No encontramos un formulario vigente con ese número y ese CUIL. Revisá los dos datos."


class DocumentField(forms.CharField):
    """The number of a document as people write it; gives its digits."""

    def __init__(self) -> None:
        super().__init__(
            label="Número de documento",
            help_text="El que figura en tu DNI. Por ejemplo: 12.345.678",
            required=False,
            max_length=64,
            error_messages={"max_length": "El número de documento tiene hasta 8 números."},
        )

    def clean(self, value: Any) -> str:
        try:
            return parse_document(super().clean(value))
        except InvalidDocument as error:
            raise ValidationError(str(error)) from error


class ProbableCuilForm(forms.Form):
    document = DocumentField()
    sex = forms.ChoiceField(
        label="Sexo que figura en tu DNI",
        choices=[(F, "F (femenino)"), (M, "M (masculino)"), (X, "X")],
        error_messages={
            "required": "Elegí el sexo que figura en tu DNI",
            "invalid_choice": "Elegí el sexo que figura en tu DNI",
        },
    )


def _line(label: str, longest: int) -> forms.CharField:
    too_long = f"Puede tener hasta {longest} letras y números"
    return forms.CharField(
        label=label, max_length=longest, required=False, error_messages={"max_length": too_long}
    )


class PowerForm(forms.Form):
    """What is known already of a specific power; what stays empty is a line to fill in by hand."""

    grantor_name = _line("Tu apellido y nombre", 140)
    grantor_cuil = _line("Tu CUIL", 13)
    grantor_document = _line("Tu tipo y número de documento", 50)
    grantee_name = _line("Apellido y nombre de tu apoderado", 140)
    grantee_document = _line("Tipo y número de documento de tu apoderado", 50)


def about(person: Person) -> About:
    """What the key of this person must not contain."""
    born: date = person.birth_date
    return About(
        names=(person.surname, person.given_names),
        document=person.document_number,
        cuil=person.cuil,
        birth_date=born,
    )
