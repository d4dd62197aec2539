"""What an employee must have seen before a deed, and how it is checked against the register."""

import re
from collections.abc import Iterable, Iterator
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone

from accounts.evidence import CERTIFICATIONS, POST_STEPS, REVOCATIONS
from accounts.form_number import InvalidFormNumber, grouped, parse_form_number
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
            value = self.cleaned_data.get(field.name)
            words = grouped(value) if field.name == "form_number" and value else _words(field.field, value)
            if words:
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


def is_document_of(typed: str, cuil: str) -> bool:
    """Whether a typed document number is the one in a CUIL, however many noughts stand before it."""
    return bool(typed) and typed.lstrip("0") == cuil[2:10].lstrip("0")


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

    def evidence(self) -> dict[str, Any]:
        return {**super().evidence(), "compared": self.case.document_seal}


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
    attorney_document_type = _choice("Tipo de documento del apoderado", Person.DocumentType.choices)
    attorney_document = _text("Número de documento del apoderado", 20)
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

    _OF_THE_COPY = {
        "document_type": "Tipo de documento de la copia certificada",
        "document_number": "Número del documento de la copia certificada",
    }

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, case=case, **kwargs)
        for name, label in self._OF_THE_COPY.items():
            field = self.fields[name]
            field.label = label
            for reason in ("required", "invalid_choice"):
                field.error_messages[reason] = f"Completá «{label}»"

    def clean_attorney_document(self) -> str:
        """Neither the holder nor the employee is the attorney."""
        typed = re.sub(r"[\s.\-/]", "", self.cleaned_data["attorney_document"]).upper()
        if not re.search(r"[0-9]{5}", typed):
            raise ValidationError("Escribí el número de documento del apoderado, sin el tipo")
        of_the_holder = typed.lstrip("0") == self.case.person.document_number.lstrip("0")
        if of_the_holder or any(is_document_of(typed, cuil) or typed == cuil for cuil in self._nobody_s()):
            raise ValidationError("El apoderado tiene que ser otra persona")
        return typed

    def _nobody_s(self) -> tuple[str, str]:
        return self.case.person.cuil, self.case.employee_cuil


class PostForm(WithFormNumber, EvidenceForm):
    """Papers from abroad: received, something missing, or all there (manual B 1.1 to 1.3)."""

    RECEIVED, OBSERVED, ENABLED = POST_STEPS

    step = _choice("Qué pasó", POST_STEPS.items())
    observation = _text("Qué falta", 300, required=False)
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

    field_order = ["form_number", "step"]

    # What each step asks for, besides the form; what was typed for another is not kept.
    _OF_STEP = {
        RECEIVED: (),
        OBSERVED: ("observation",),
        ENABLED: ("certification", "certification_number", "document_number", "copy_matches"),
    }

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in self._OF_STEP.get(cleaned.get("step", ""), ()):
            if not cleaned.get(name):
                self.add_error(name, f"Completá «{self.fields[name].label}»")
        typed = re.sub(r"[\s.\-/]", "", cleaned.get("document_number", "")).upper()
        if cleaned.get("step") == self.ENABLED and typed and typed != self.case.person.document_number:
            self.add_error("document_number", "El documento no es el del registro. Leelo de nuevo.")
        return cleaned

    def evidence(self) -> dict[str, Any]:
        step = self.cleaned_data["step"]
        kept = {"form_number", "step", *self._OF_STEP[step]}
        told = {name: value for name, value in super().evidence().items() if name in kept}
        if step == self.ENABLED:
            told |= {"document_type": self.case.person.document_type, "compared": self.case.document_seal}
        return told


class ReasonForm(EvidenceForm):
    reason = _text("Motivo", 300)


class RevokeForm(EvidenceForm):
    cause = _choice("Por qué", REVOCATIONS.items())
    reason = _text("Detalle", 300)
    # A key made after this page was shown is not meant.
    newest_clave = forms.IntegerField(
        widget=forms.HiddenInput,
        error_messages=dict.fromkeys(("required", "invalid"), "Empezá de nuevo desde el caso"),
    )

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, case=case, **kwargs)
        self.fields["newest_clave"].initial = max((clave.pk for clave in case.claves), default=0)
