"""What an event may carry besides who, when and where: the one list, and how people read it.

Never a secret, an answer, a token, or the number of a citizen's document: that it was compared is enough.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from identity.models import CorrectionRequest, Person, WrongDataReport

CERTIFICATIONS = {
    "consular": "Consular",
    "apostille": "Apostilla",
    "notary": "De escribano o autoridad",
}
POST_STEPS = {
    "received": "Llegaron los papeles",
    "observed": "Les falta algo",
    "enabled": "Está todo: habilitar la clave",
}
REVOCATIONS = {
    "asked": "La pidió dar de baja la persona",
    "death": "Falleció",
    "compromise": "Otra persona conoce la clave",
}
# The reasons of journeys/facts.py, as the birth of a pending key keeps them.
WHY_PAPER = {
    "wish": "Prefirió el formulario",
    "abroad": "Vive en el exterior",
    "thin": "Pocos datos para preguntar",
    "attempts": "Usó todos los intentos",
    "tramite-lost": "No tenía el número de trámite",
    "tramite-wrong": "El número de trámite no coincidió",
}

FILES = {
    "pdf": "PDF, para leer o imprimir",
    "json": "JSON, para otra aplicación",
}

# name: what people read. Where the values are words of ours, these are in _WORDS.
LABELS = {
    # What was seen at a counter
    "form_number": "Número del formulario",
    "document_type": "Documento que se comparó",
    "original_seen": "Se vio el original",
    "copy_kept": "Quedó la fotocopia",
    "copy_matches": "La copia certificada es del documento del formulario",
    "application": "Aplicación que necesita",
    "clause_accepted": "Aceptó la cláusula de la aplicación",
    "attorney_name": "Apoderado",
    "attorney_document": "Documento del apoderado",
    "attorney_original_seen": "Se vio el original del documento del apoderado",
    "holder_copy_seen": "Se vio la copia certificada del documento del titular",
    "power_is_specific": "El poder es específico",
    "certification": "Certificación",
    "certification_number": "Datos de la certificación",
    "step": "Papeles del exterior",
    "observation": "Qué falta",
    "reason": "Motivo",
    "cause": "Por qué",
    # Which deed, on which key, and by which two persons
    "deed": "Acto",
    "clave": "Clave número",
    "proposal": "Propuesta",
    "proposed_by": "Propuso el empleado número",
    "deeds": "Actos en el día",
    # Reports of wrong data
    "report": "Aviso",
    "result": "Cómo terminó",
    # One's own data
    "datum": "Qué dato hay que corregir",
    "file": "En un archivo",
    "all_data": "Con todos los datos",
    # Who read what of the audit; changes of employees and contents
    "staff_id": "Empleado número",
    "office": "Oficina",
    "kind": "Qué pasó",
    "since": "Desde",
    "until": "Hasta",
    "newest": "Hasta el evento",
    "employee": "Empleado número",
    "username": "Nombre de usuario",
    "content": "Qué se cambió",
    "row": "Número",
    "fields": "Datos que cambiaron",
    # Journeys
    "round": "Ronda de preguntas",
    "tramite": "Con número de trámite",
    "journey": "Serie de páginas",
    "why": "Por qué en papel",
    "disavowed": "Con «No fui yo»",
    "version": "Versión de las políticas",
    "sha256": "Huella del texto",
    "demo": "De la demostración",
}

_WORDS: dict[str, Mapping[str, str]] = {
    "document_type": dict(Person.DocumentType.choices),
    "certification": CERTIFICATIONS,
    "step": POST_STEPS,
    "cause": REVOCATIONS,
    "datum": dict(CorrectionRequest.Datum.choices),
    "file": FILES,
    "why": WHY_PAPER,
    "result": dict(WrongDataReport.Result.choices),
}


def check_names(evidence: Mapping[str, Any]) -> None:
    """What has no name here has no business in an event.

    Raises:
        ValueError: a name that is not in the list.
    """
    if unknown := evidence.keys() - LABELS.keys():
        raise ValueError(f"evidence without a label: {sorted(unknown)}")


def in_words(evidence: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Pairs of label and value as people read them, in the order of the list."""
    for name, label in LABELS.items():
        if name in evidence:
            yield label, _value(name, evidence[name])


def _value(name: str, value: Any) -> str:
    if isinstance(value, bool):
        return "sí" if value else "no"
    return _WORDS.get(name, {}).get(str(value), str(value))
