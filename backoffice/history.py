"""What an edit in the admin changed, from what to what: the sentence that its history keeps."""

from datetime import datetime
from functools import partial
from typing import Any

from django import forms
from django.utils import timezone

from identity.register import masked_cuil

# That they changed is told, and no more.
_SECRET = frozenset({"password"})


def told(form: forms.ModelForm, *, add: bool) -> str:
    """«Horario: de «8 a 14» a «8 a 16».», one sentence a field; of a new row, what it began with."""
    names = form.fields if add else form.changed_data
    return " ".join(_sentence(form, name, add=add) for name in names) or "Se guardó sin cambios."


def _sentence(form: forms.ModelForm, name: str, *, add: bool) -> str:
    field = form.fields[name]
    label = str(field.label or name).capitalize()
    if name in _SECRET:
        return f"{label}: se puso una nueva."
    shown = _masked if name == "cuil" else partial(_shown, field)
    new = shown(form.cleaned_data.get(name))
    if add:
        return f"{label}: «{new}»."
    return f"{label}: de «{shown(form.get_initial_for_field(field, name))}» a «{new}»."


def _masked(cuil: Any) -> str:
    return masked_cuil(str(cuil)) if cuil else ""


def _shown(field: forms.Field, value: Any) -> str:
    """As people read it, whether it comes from the row or from the form."""
    if value is None or value == "":
        return ""
    if isinstance(field, forms.ModelMultipleChoiceField):
        return ", ".join(sorted(str(row) for row in value))
    if isinstance(field, forms.ModelChoiceField):
        return str(field.to_python(value))
    if isinstance(value, bool):
        return "sí" if value else "no"
    if isinstance(value, datetime):
        return f"{timezone.localtime(value):%d/%m/%Y %H:%M}"
    labels = dict(getattr(field, "choices", ()))
    return str(labels.get(value, value))
