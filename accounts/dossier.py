"""All that is held about a person, in blocks that say where each comes from (Ley 25.326, arts. 14 and 15).

A dossier is whole only for whoever may see all: see docs/decisions/0018. Otherwise what the identity
questions ask, and what would tell it, is counted instead of shown.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django_countries import countries

from accounts.certificates import Certificate
from accounts.events import ClaveEvent
from accounts.models import AddressToConfirm, Clave, OpenSession, User
from accounts.notices import day
from identity.cuil import Cuil
from identity.kinds import KINDS
from identity.models import CorrectionRequest, Curatela, Fact, Person, QuizRound, WrongDataReport
from identity.register import masked, masked_cuil
from identity.shown import burnt_until
from offices.provinces import PROVINCES

REGISTER = "Registro del organismo."
PORTAL = "Este portal."
_COUNTED = "Acá sólo se muestra cuántos datos hay."
# Of what repeats: keys, rounds, reports, certificates; and of events.
_NEWEST, _EVENTS = 30, 1000


@dataclass(frozen=True)
class Datum:
    """One thing that is held. `text` is for people; `value` for programs, the text where it is None."""

    name: str
    label: str
    text: str
    value: Any = None


@dataclass(frozen=True)
class Block:
    """What comes from one place. `note`: what has to be said of it besides."""

    name: str
    title: str
    source: str
    data: tuple[Datum, ...]
    note: str = ""


@dataclass(frozen=True)
class Dossier:
    """`is_whole`: nothing is counted instead of shown."""

    cuil: str
    person_name: str
    made_at: datetime
    is_whole: bool
    blocks: tuple[Block, ...]


def dossier_of(cuil: str, *, whole: bool) -> Dossier:
    """Raises Person.DoesNotExist for a CUIL that is not in the register."""
    person = Person.objects.get(cuil=cuil)
    blocks = (
        _person(person),
        _address(person, whole=whole),
        _facts(person, whole=whole),
        _curatelas(person, whole=whole),
        _keys(cuil),
        _access(cuil),
        _rounds(cuil),
        _reports(cuil, whole=whole),
        _certificates(cuil),
    )
    name = f"{person.given_names} {person.surname}"
    return Dossier(cuil, name, timezone.localtime(), whole, blocks)


def as_plain(dossier: Dossier) -> dict[str, Any]:
    """What JSON can hold. Dates are ISO 8601; the events are those of the CUIL's chain, newest first."""
    return {
        "cuil": dossier.cuil,
        "hecho": dossier.made_at.isoformat(timespec="seconds"),
        "completo": dossier.is_whole,
        "datos": [
            {
                "grupo": block.name,
                "titulo": block.title,
                "origen": block.source,
                **({"nota": block.note} if block.note else {}),
                "datos": [
                    {
                        "dato": datum.name,
                        "nombre": datum.label,
                        "valor": datum.text if datum.value is None else datum.value,
                    }
                    for datum in block.data
                ],
            }
            for block in dossier.blocks
        ],
        "eventos": list(_events(dossier.cuil)),
    }


def _events(cuil: str) -> Iterator[dict[str, Any]]:
    """Of a stranger the network address is theirs, and of the staff the office is told: neither is in it."""
    for event in ClaveEvent.objects.filter(cuil=cuil).order_by("-seq")[:_EVENTS]:
        yield {
            "numero": event.seq,
            "cuando": timezone.localtime(event.at).isoformat(timespec="seconds"),
            "que": event.get_kind_display(),
            "quien": event.get_actor_display(),
            "oficina": event.office,
        }


# --- From the register ------------------------------------------------------------------------------


def _person(person: Person) -> Block:
    tramite = (
        "Guardado de una forma que sirve para compararlo y no para leerlo" if person.has_tramite else "No"
    )
    data = [
        Datum("cuil", "CUIL", Cuil(person.cuil).formatted, person.cuil),
        Datum("apellido", "Apellido", person.surname),
        Datum("nombres", "Nombres", person.given_names),
        Datum(
            "tipo_de_documento",
            "Tipo de documento",
            person.get_document_type_display(),
            person.document_type,
        ),
        Datum("documento", "Documento Número", person.document_number),
        Datum("sexo", "Sexo", person.get_sex_display(), person.sex),
        _on("nacimiento", "Fecha de nacimiento", person.birth_date),
        Datum("tramite", "Trámite N° del DNI", tramite, person.has_tramite),
    ]
    if person.death_date:
        data.append(_on("fallecimiento", "Fecha de fallecimiento", person.death_date))
    return Block("persona", "Datos personales", REGISTER, tuple(data))


def _address(person: Person, *, whole: bool) -> Block:
    """Where somebody lives may be what a question asks: «¿En cuál de estas localidades viviste?»."""
    country = "Argentina" if person.country == "AR" else str(countries.name(person.country)) or person.country
    narrow = [
        Datum("calle", "Calle y número", person.street),
        Datum("localidad", "Localidad", person.locality),
        Datum("codigo_postal", "Código postal", person.postal_code),
    ]
    wide = [
        Datum("provincia", "Provincia", PROVINCES.get(person.province, "No tiene"), person.province),
        Datum("pais", "País", country, person.country),
    ]
    if whole:
        return Block("domicilio", "Domicilio", REGISTER, (*narrow, *wide))
    hidden = "La calle, la localidad y el código postal están, y no se muestran acá."
    return Block("domicilio", "Domicilio", REGISTER, tuple(wide), hidden)


def _facts(person: Person, *, whole: bool) -> Block:
    """By kind, in the order of the list of kinds."""
    held = list(Fact.objects.filter(person=person).order_by("since", "pk"))
    data: list[Datum] = []
    for kind in KINDS.values():
        theirs = [fact for fact in held if fact.kind == kind.name]
        if whole:
            data += [_fact(kind.name, kind.known_as, fact) for fact in theirs]
        elif theirs:
            count = len(theirs)
            data.append(Datum(kind.name, kind.known_as, f"{count} dato{'s' * (count > 1)}", count))
    title = "Historia: con esto se arman las preguntas de identificación"
    return Block("historia", title, REGISTER, tuple(data), "" if whole else _COUNTED)


def _fact(name: str, label: str, fact: Fact) -> Datum:
    value = {"valor": fact.value, "desde": _iso(fact.since), "hasta": _iso(fact.until)}
    return Datum(name, label, f"{fact.value}{_span(fact.since, fact.until)}", value)


def _curatelas(person: Person, *, whole: bool) -> Block:
    """Who is in somebody's care may be their child, whose name a question asks."""
    as_curado = Curatela.objects.filter(curado=person).select_related("curador").order_by("-since")
    as_curador = Curatela.objects.filter(curador=person).select_related("curado").order_by("-since")
    data = [_curatela("curador", "Curador", row.curador, row, whole=whole) for row in as_curado]
    data += [_curatela("curado", "Persona a cargo", row.curado, row, whole=whole) for row in as_curador]
    return Block("curatelas", "Curatelas", f"{REGISTER} Las dispone un juez.", tuple(data))


def _curatela(name: str, label: str, other: Person, row: Curatela, *, whole: bool) -> Datum:
    who = f"{other.given_names} {other.surname}" if whole else masked(other).names
    cuil = masked_cuil(other.cuil)
    text = f"{who}, CUIL {cuil}{_span(row.since, row.until)}. Expediente {row.court_file}"
    value = {"nombre": who, "cuil": cuil, "desde": _iso(row.since), "hasta": _iso(row.until)}
    return Datum(name, label, text, {**value, "expediente": row.court_file})


# --- From this portal -------------------------------------------------------------------------------


def _keys(cuil: str) -> Block:
    claves = Clave.objects.filter(cuil=cuil).order_by("-pk")[:_NEWEST]
    data = [datum for clave in claves for datum in _key(clave)]
    source = (
        f"{PORTAL} El E-Mail, el teléfono y el domicilio en el exterior los escribió quien pidió la clave."
    )
    note = "La clave misma no la tenemos: sólo una huella, que no se puede leer."
    return Block("claves", "Claves de la Seguridad Social", source, tuple(data), note if data else "")


def _key(clave: Clave) -> Iterator[Datum]:
    created, since, accepted = (
        timezone.localdate(moment)
        for moment in (clave.created_at, clave.state_since, clave.policies_accepted_at)
    )
    state = clave.get_state_display()
    until = f", hasta el {day(clave.deadline)}" if clave.deadline else ""
    policies = f"Políticas {clave.policies_version}, aceptadas el {day(accepted)}"
    yield Datum(
        "clave",
        f"Clave creada el {day(created)}",
        f"{state}, desde el {day(since)}{until}. {policies}",
        {
            "creada": _iso(created),
            "estado": state,
            "desde": _iso(since),
            "hasta": _iso(clave.deadline),
            "politicas": clave.policies_version,
            "politicas_aceptadas": _iso(accepted),
        },
    )
    contact = (
        ("email", "E-Mail" if clave.email_confirmed_at else "E-Mail sin confirmar", clave.email),
        ("email_anterior", "E-Mail anterior", clave.former_email),
        ("domicilio_exterior", "Domicilio en el exterior", clave.address_abroad),
        ("pais_exterior", "País de residencia", str(countries.name(clave.country)) if clave.country else ""),
        ("telefono", "Teléfono", clave.phone),
    )
    yield from (Datum(name, label, text) for name, label, text in contact if text)


def _access(cuil: str) -> Block:
    """Where somebody is in with the key, whether the access is shut, which address waits for its code."""
    data = [
        _at("sesion", row.opened_at, f"Sesión abierta con {row.browser}")
        for row in OpenSession.objects.filter(cuil=cuil).order_by("-opened_at")[:_NEWEST]
    ]
    blocked = User.objects.filter(cuil=cuil).values_list("blocked_at", flat=True)
    data += [_at("bloqueo", when, "Se bloqueó el acceso") for when in blocked if when]
    data += [
        _at("email_por_confirmar", asked.asked_at, f"E-Mail por confirmar: {asked.address}")
        for asked in AddressToConfirm.objects.filter(clave__cuil=cuil)
    ]
    return Block("acceso", "Sesiones y acceso", PORTAL, tuple(data))


def _rounds(cuil: str) -> Block:
    """When somebody tried to prove to be this person. Which questions, and what was answered, is not told."""
    rounds = QuizRound.objects.filter(cuil=cuil).order_by("-pk")[:_NEWEST]
    data = tuple(
        _at("ronda", row.opened_at, f"{row.get_purpose_display()}: {row.get_outcome_display().lower()}")
        for row in rounds
    )
    rests = burnt_until(cuil)
    note = (
        f"Como los datos se mostraron completos, no hay preguntas por Internet hasta el {_day_of(rests)}."
        if rests
        else ""
    )
    return Block("comprobaciones", "Preguntas de identificación", PORTAL, data, note)


def _reports(cuil: str, *, whole: bool) -> Block:
    """The words of a request may tell what the facts would."""
    data = []
    for row in WrongDataReport.objects.filter(cuil=cuil).order_by("-pk")[:_NEWEST]:
        end = row.get_result_display() or row.get_state_display()
        data.append(_at("aviso", row.reported_at, f"Aviso número {row.pk}: {end}"))
    asked = CorrectionRequest.objects.filter(report__cuil=cuil).select_related("report").order_by("-pk")
    for request in asked[:_NEWEST]:
        words = f" «{request.text}»" if whole and request.text else ""
        told = f"{request.get_datum_display()} (aviso número {request.report_id}).{words}"
        data.append(_at("pedido", request.asked_at, told))
    title = "Avisos de datos incorrectos y pedidos de corrección"
    return Block(
        "avisos", title, f"{PORTAL} Un aviso lo puede hacer cualquiera que conozca el CUIL.", tuple(data)
    )


def _certificates(cuil: str) -> Block:
    rows = Certificate.objects.filter(cuil=cuil).order_by("-pk")[:_NEWEST]
    data = tuple(
        Datum(
            "constancia",
            f"Emitida el {day(row.issued_on)}",
            f"Vale hasta el {day(row.last_day)}",
            {"emitida": _iso(row.issued_on), "vale_hasta": _iso(row.last_day)},
        )
        for row in rows
    )
    return Block("constancias", "Constancias de CUIL", PORTAL, data)


# --- In words ---------------------------------------------------------------------------------------


def _on(name: str, label: str, when: date) -> Datum:
    return Datum(name, label, day(when), _iso(when))


def _at(name: str, when: datetime, text: str) -> Datum:
    """Something that happened, under its moment."""
    local = timezone.localtime(when)
    label = date_format(local, r"j \d\e F \d\e Y, H:i")
    return Datum(name, label, text, {"cuando": local.isoformat(timespec="seconds"), "que": text})


def _day_of(moment: datetime) -> str:
    return day(timezone.localdate(moment))


def _span(since: date | None, until: date | None) -> str:
    told = [f"desde el {day(since)}"] if since else []
    told += [f"hasta el {day(until)}"] if until else []
    return f", {' '.join(told)}" if told else ""


def _iso(when: date | None) -> str | None:
    return when.isoformat() if when else None
