"""What an event may carry besides who, when and where: the one list, and how people read it.

Never a secret, an answer, a token, or the number of the holder's document: that it was compared is enough.
A CUIL only where somebody acts for somebody else: the event has to name both (docs/decisions/0015).
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from identity.cuil import Cuil
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
ENDINGS = {
    "chosen": "Lo eligió el curador",
    "left": "El curador cerró la sesión",
    "over": "La curatela dejó de estar vigente",
}
# The reasons of journeys/facts.py, as the birth of a pending key keeps them.
WHY_PAPER = {
    "wish": "Prefirió el formulario",
    "abroad": "Vive en el exterior",
    "thin": "Pocos datos para preguntar",
    "attempts": "Usó todos los intentos",
    "tramite-lost": "No tenía el número de trámite",
    "tramite-wrong": "El número de trámite no coincidió",
    "tramite-tries": "Ya se habían probado muchos números de trámite",
    "blocked": "El acceso está bloqueado",
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
    "compared": "Sello del documento que se comparó",
    "original_seen": "Se vio el original",
    "copy_kept": "Quedó la fotocopia",
    "copy_matches": "La copia certificada es del documento del formulario",
    "application": "Aplicación que necesita",
    "clause_accepted": "Aceptó la cláusula de la aplicación",
    "attorney_name": "Apoderado",
    "attorney_document_type": "Tipo de documento del apoderado",
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
    "newest_clave": "La clave más nueva que se vio",
    "proposal": "Propuesta",
    "proposed_by": "Lo propuso",
    "deeds": "Actos en el día",
    # Reports, and what somebody does not recognise: the event's place in the chain
    "report": "Aviso",
    "result": "Cómo terminó",
    "event": "No reconoce lo que pasó, número",
    # Log-ins
    "browser": "Con",
    "new_browser": "Navegador nuevo",
    # One's own data
    "datum": "Qué dato hay que corregir",
    "file": "En un archivo",
    "all_data": "Con todos los datos",
    # Who read what of the audit; changes of employees and contents
    "staff_id": "De qué empleado",
    "office": "Oficina",
    "kind": "Qué pasó",
    "since": "Desde",
    "until": "Hasta",
    "newest": "Hasta el evento",
    "employee": "Empleado",
    "username": "Nombre de usuario",
    "content": "Qué se cambió",
    "change": "De qué a qué",
    "row": "Número",
    "fields": "Datos que cambiaron",
    # Who acts for whom
    "curador": "CUIL del curador",
    "curado": "CUIL de la persona a cargo",
    "curatela": "Curatela número",
    "court_file": "Expediente",
    "ending": "Por qué terminó",
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

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_WORDS: dict[str, Mapping[str, str]] = {
    "document_type": dict(Person.DocumentType.choices),
    "attorney_document_type": dict(Person.DocumentType.choices),
    "certification": CERTIFICATIONS,
    "step": POST_STEPS,
    "cause": REVOCATIONS,
    "ending": ENDINGS,
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


Words = Mapping[str, Mapping[str, str]]


def in_words(evidence: Mapping[str, Any], known: Words | None = None) -> Iterator[tuple[str, str]]:
    """Pairs of label and value as people read them, in the order of the list.

    `known`: further words, by the name of the evidence: of offices, say, whose codes it holds.
    """
    words = {**_WORDS, **(known or {})}
    for name, label in LABELS.items():
        if name in evidence:
            yield label, _value(name, evidence[name], words.get(name, {}))


def _value(name: str, value: Any, words: Mapping[str, str]) -> str:
    if isinstance(value, bool):
        return "sí" if value else "no"
    if name in {"curador", "curado"}:
        return Cuil(value).formatted
    text = str(value)
    if _DAY.fullmatch(text):
        return f"{date.fromisoformat(text):%d/%m/%Y}"
    return words.get(text, text)
