"""What an employee must have seen before a deed, and how it is checked against the register."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.evidence import CERTIFICATIONS, POST_STEPS, REVOCATIONS
from accounts.form_number import InvalidFormNumber, parse_form_number
from accounts.lifecycle import State
from accounts.models import Application, Clave
from backoffice.cases import Case
from identity.models import Person


class EvidenceForm(forms.Form):
    """Base: knows the case. What it gives as cleaned data goes into the event."""

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.case = case

    def evidence(self) -> dict[str, Any]:
        """What the event will hold: that things were seen, and numbers of papers; no numbers of documents."""
        return {name: value for name, value in self.cleaned_data.items() if name not in _NOT_KEPT and value}

    def review(self) -> Iterator[tuple[str, str]]:
        """Label and words of all that was typed, to be read once more before it counts."""
        for field in self.visible_fields():
            if words := _words(field.field, self.cleaned_data.get(field.name)):
                yield str(field.label), words


# The register has them; the event says that they were compared.
_NOT_KEPT = {"document_number"}


def _words(field: forms.Field, value: Any) -> str:
    if isinstance(value, bool):
        return "Sí" if value else ""
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        return str(dict(field.choices).get(value, "")) if value else ""  # type: ignore[arg-type]
    return str(value or "")


def _seen(label: str, missing: str) -> forms.BooleanField:
    return forms.BooleanField(label=label, error_messages={"required": missing})


def _text(label: str, longest: int = 120, *, required: bool = True, help_text: str = "") -> forms.CharField:
    messages = {
        "required": f"Completá «{label}»",
        "max_length": f"«{label}» puede tener hasta {longest} letras",
    }
    return forms.CharField(
        label=label, max_length=longest, required=required, help_text=help_text, error_messages=messages
    )


def _choice(label: str, choices: Iterable[tuple[str, str]]) -> forms.ChoiceField:
    messages = dict.fromkeys(("required", "invalid_choice"), f"Elegí «{label}»")
    return forms.ChoiceField(label=label, choices=[("", "Elegí"), *choices], error_messages=messages)


class ComparedDocument(EvidenceForm):
    """The number is typed from the paper and compared by the server: nobody ticks what they did not read."""

    document_type = _choice("Tipo de documento que presenta", list(Person.DocumentType.choices))
    document_number = _text(
        "Número del documento que presenta", 20, help_text="Copialo del documento, no de la pantalla."
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        typed = re.sub(r"[\s.\-/]", "", cleaned.get("document_number", "")).upper()
        if typed and cleaned.get("document_type"):
            person = self.case.person
            if (cleaned["document_type"], typed) != (person.document_type, person.document_number):
                self.add_error("document_number", "El documento no es el del registro. Leelo de nuevo.")
        return cleaned


class DocumentForm(ComparedDocument):
    original_seen = _seen(
        "Vi el original y la foto es de quien lo presenta", "Confirmá que viste el original"
    )


class WithFormNumber(forms.Form):
    """The form must be the one of the pending key: an older one says by what it was replaced."""

    form_number = _text("Número del formulario USI-07", 20, help_text="Escanealo o copialo.")
    case: Case

    def clean_form_number(self) -> str:
        try:
            number = parse_form_number(self.cleaned_data["form_number"])
        except InvalidFormNumber as wrong:
            raise ValidationError(str(wrong)) from wrong
        clave = Clave.objects.filter(cuil=self.case.person.cuil, form_number=number).first()
        if clave is None:
            raise ValidationError("Ese formulario no es de esta persona.")
        if clave.state != State.PENDING:
            told = f"{clave.get_state_display()} el {timezone.localtime(clave.state_since):%d/%m/%Y}"
            raise ValidationError(f"Ese formulario ya no sirve. Su clave: {told}. Pedí el último.")
        return number


class EnableForm(WithFormNumber, DocumentForm):
    field_order = ["form_number", "document_type", "document_number", "original_seen", "copy_kept"]

    copy_kept = forms.BooleanField(label="Quedó la fotocopia, si el formulario la pide", required=False)


class RaiseForm(DocumentForm):
    """Bound to the key that was live when the document was shown: a later one may be another's."""

    clave = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid"), "Empezá de nuevo desde el caso"),
    )
    application = forms.ModelChoiceField(
        label="Aplicación que necesita",
        queryset=Application.objects.offered().filter(level=3),
        to_field_name="name",
        empty_label="Elegí",
        error_messages=dict.fromkeys(("required", "invalid_choice"), "Elegí «Aplicación que necesita»"),
    )
    clause_accepted = forms.BooleanField(label="Aceptó la cláusula de esa aplicación", required=False)

    field_order = ["document_type", "document_number", "original_seen", "application", "clause_accepted"]

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, case=case, **kwargs)
        self.fields["clave"].initial = case.live.pk if case.live else None
        with_clause = ", ".join(app.name for app in self.fields["application"].queryset if app.has_clause)  # type: ignore[attr-defined]
        self.fields["clause_accepted"].help_text = f"La piden: {with_clause}." if with_clause else ""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        application = cleaned.get("application")
        if application and application.has_clause and not cleaned.get("clause_accepted"):
            self.add_error("clause_accepted", f"Para {application.name} tiene que aceptar la cláusula")
        return cleaned

    def evidence(self) -> dict[str, Any]:
        return {**super().evidence(), "application": self.cleaned_data["application"].name}


class AttorneyForm(WithFormNumber, ComparedDocument):
    """Manual B 5.2: the attorney's own document, the form, the certified copy, the specific power."""

    attorney_name = _text("Apellido y nombre del apoderado")
    attorney_document = _text("Tipo y número de documento del apoderado", 40)
    attorney_original_seen = _seen("Vi el original de su documento", "Confirmá que viste su documento")
    holder_copy_seen = _seen(
        "La copia certificada es del documento que figura en el formulario",
        "Confirmá la copia certificada del documento del titular",
    )
    power_is_specific = _seen(
        "La finalidad del poder es la habilitación de la Clave", "El poder tiene que ser específico"
    )
    certification = _choice("Certificación de la firma", CERTIFICATIONS.items())
    certification_number = _text("Número y fecha de la certificación", 80)

    field_order = ["form_number", "document_type", "document_number", "attorney_name", "attorney_document"]

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, case=case, **kwargs)
        self.fields["document_type"].label = "Tipo de documento de la copia certificada"
        self.fields["document_number"].label = "Número del documento de la copia certificada"

    def clean_attorney_document(self) -> str:
        """Neither the holder nor the employee is the attorney."""
        typed: str = self.cleaned_data["attorney_document"]
        digits = re.sub(r"[^0-9]", "", typed)
        if digits and digits in {self.case.person.document_number, self.case.employee_document}:
            raise ValidationError("El apoderado tiene que ser otra persona")
        return typed


class PostForm(EvidenceForm):
    """Papers from abroad: received, something missing, or all there (manual B 1.1 to 1.3)."""

    RECEIVED, OBSERVED, ENABLED = POST_STEPS

    step = _choice("Qué pasó", POST_STEPS.items())
    observation = _text("Qué falta", 300, required=False)
    form_number = _text("Número del formulario USI-07", 20, required=False, help_text="Para habilitar.")
    certification = forms.ChoiceField(
        label="Certificación de la firma y de la copia",
        choices=[("", "Elegí"), *CERTIFICATIONS.items()],
        required=False,
    )
    certification_number = _text("Consulado o apostilla, número y fecha", 120, required=False)
    document_number = _text("Número del documento de la copia certificada", 20, required=False)
    copy_matches = forms.BooleanField(
        label="La copia certificada es del documento del formulario, o hay Constancia de Consulado",
        required=False,
    )

    _TO_ENABLE = ("form_number", "document_number", "certification", "certification_number", "copy_matches")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("step") == self.OBSERVED and not cleaned.get("observation"):
            self.add_error("observation", "Escribí qué falta: se lo decimos a la persona")
        if cleaned.get("step") == self.ENABLED:
            for name in self._TO_ENABLE:
                if not cleaned.get(name):
                    self.add_error(name, f"Completá «{self.fields[name].label}»")
            self._check_form(cleaned)
        return cleaned

    def _check_form(self, cleaned: dict[str, Any]) -> None:
        typed = re.sub(r"[\s.\-/]", "", cleaned.get("document_number", "")).upper()
        if typed and typed != self.case.person.document_number:
            self.add_error("document_number", "El documento no es el del registro. Leelo de nuevo.")
        if not cleaned.get("form_number"):
            return
        checked = EnableForm(case=self.case)
        checked.cleaned_data = {"form_number": cleaned["form_number"]}
        try:
            cleaned["form_number"] = checked.clean_form_number()
        except ValidationError as wrong:
            self.add_error("form_number", wrong)


class ReasonForm(EvidenceForm):
    reason = _text("Motivo", 300)


class RevokeForm(EvidenceForm):
    cause = _choice("Por qué", REVOCATIONS.items())
    reason = _text("Detalle", 300)
