"""A form that asks for the code of the picture, seen or heard."""

from copy import deepcopy
from functools import cached_property
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from journeys.captcha.challenge import Challenge, CodeExpired, CodeWrong, consume, issue

EMPTY = "Escribí el código de la imagen"
WRONG = "El código no coincide con la imagen. Escribí los 6 números de la imagen nueva."
EXPIRED = "El código venció. Escribí el de la imagen nueva."


class CodeField(forms.CharField):
    """What was typed is never shown again: the next picture has other digits."""

    def bound_data(self, data: Any, initial: Any) -> Any:
        return ""


class CaptchaForm(forms.Form):
    """Uses the code up in every check with a code typed, also when other fields are wrong. Where
    `asks_code` is false there is neither field nor code.

    The page shows `challenge`, hides its key in an input named `captcha_key`, and names the text
    input `captcha`. Work that costs belongs in `clean()` or later and only without errors: by then
    the code was looked at.
    """

    captcha = CodeField(
        label="Código de la imagen",
        help_text="Escribí los 6 números que ves o escuchás.",
        error_messages={"required": EMPTY},
    )

    def __init__(self, *args: Any, request: HttpRequest, asks_code: bool = True, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.request = request
        if not asks_code:
            del self.fields["captcha"]

    @property
    def asks_code(self) -> bool:
        return "captcha" in self.fields

    def ask_code(self) -> None:
        """Show the field on a form that was made without it; what is checked already stays checked."""
        self.fields.setdefault("captcha", deepcopy(self.base_fields["captcha"]))

    @cached_property
    def challenge(self) -> Challenge:
        """A new code, made when the page first asks for it."""
        return issue(self.request)

    def clean_captcha(self) -> str:
        key = str(self.data.get(self.add_prefix("captcha_key"), ""))
        try:
            consume(self.request, key, self.cleaned_data["captcha"])
        except CodeWrong:
            raise ValidationError(WRONG, code="wrong") from None
        except CodeExpired:
            raise ValidationError(EXPIRED, code="expired") from None
        return ""
