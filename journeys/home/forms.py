"""What the holder of a key types about the key itself, and every sentence that answers a mistake."""

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from accounts.password_policy import About
from identity.cuil import Cuil
from identity.models import Person
from journeys.captcha.field import CaptchaForm
from journeys.forms import CuilField, EMailField, NewKeyForm, SecretField, about

WRONG_KEY = "Esa no es tu clave actual. Revisá las mayúsculas."
USED_BEFORE = "Es una de tus últimas 5 claves. Elegí otra."


class ChangeForm(NewKeyForm):
    """The key in use, and another one."""

    current = SecretField("Clave actual", "Ingresá tu clave actual", "La que usás hasta ahora")
    password = SecretField(
        "Clave nueva", "Ingresá tu clave nueva", "Se distingue entre mayúscula y minúscula"
    )
    repeat = SecretField(
        "Confirmá tu clave nueva", "Escribí la clave nueva otra vez", "Escribila otra vez, igual que arriba"
    )

    field_order = ["cuil", "current", "password", "repeat", "captcha"]

    def __init__(self, *args: Any, person: Person | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if person is not None:
            self.about = about(person)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if "password" in cleaned and cleaned["password"] == cleaned.get("current"):
            self.add_error("password", "La clave nueva tiene que ser distinta de la actual")
        return cleaned


class ChangeFromOutsideForm(CaptchaForm, ChangeForm):
    """For whoever is not logged in: what the register knows of them waits until the key is right."""

    cuil = CuilField()

    WRONG = "El CUIL o la clave actual no son correctos. Revisá las mayúsculas."

    def clean_cuil(self) -> Cuil:
        cuil: Cuil = self.cleaned_data["cuil"]
        self.about = About(cuil=cuil, document=cuil[2:10])
        return cuil


class OwnKeyForm(forms.Form):
    """The key once more, before something that a borrowed session must not do."""

    current = SecretField("Tu clave", "Ingresá tu clave", "Se distingue entre mayúscula y minúscula")


class AddressForm(OwnKeyForm):
    email = EMailField(help_text="Te vamos a mandar un código para confirmar que es tuyo.", required=True)

    field_order = ["email", "current"]


class CodeForm(forms.Form):
    code = forms.CharField(
        label="Código",
        help_text="Son 6 números. Están en el correo que te mandamos.",
        max_length=32,
        error_messages={
            "required": "Escribí el código que te mandamos",
            "max_length": "El código tiene 6 números",
        },
    )

    WRONG = "Ese no es el código del correo. Revisá los 6 números."

    def clean_code(self) -> str:
        code = re.sub(r"[\s.\-]", "", self.cleaned_data["code"])
        if not re.fullmatch(r"[0-9]{6}", code):
            raise ValidationError("El código tiene 6 números")
        return code
