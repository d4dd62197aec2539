"""Names of employers, made up from their number: the same number is always the same employer."""

import unicodedata

from identity.synthetic.names import GIVEN, SURNAME_LIST
from identity.synthetic.places import Locality


def _words(text: str) -> list[str]:
    return [word.replace("_", " ") for word in text.split()]


_TRADES = _words("""
TRANSPORTES CONSTRUCTORA METALURGICA DISTRIBUIDORA FRIGORIFICO TEXTIL PANADERIA HOTEL FERRETERIA
SUPERMERCADO AGROPECUARIA SERVICIOS MADERERA LACTEOS BODEGA IMPRENTA LABORATORIO CLINICA SANATORIO
EDITORIAL AUTOMOTORES REPUESTOS PINTURERIA CURTIEMBRE CERAMICA AVICOLA PESQUERA MOLINO CORRALON
ESTABLECIMIENTO GRAFICA LOGISTICA SEGURIDAD LIMPIEZA CONFECCIONES CALZADOS MUEBLES ELECTRICIDAD
VIVEROS ACEITERA MINERA PETROQUIMICA TALLERES GOMERIA OPTICA FARMACIA HELADERIA CONFITERIA ESTANCIA
""")
_PLACES = _words("""
NORTE SUR ESTE OESTE LITORAL CUYO PAMPA ANDES PLATA PARANA URUGUAY DELTA SIERRAS VALLE RIBERA COSTA
CENTRO BELGRANO LIBERTAD INDEPENDENCIA MAYO JULIO AURORA ESPERANZA PORVENIR PROGRESO UNION FEDERAL
NACIONAL AMERICANA ARGENTINA RIOPLATENSE PAMPEANA SERRANA AUSTRAL PATAGONICA COLONIAL CRIOLLA
MODERNA UNIVERSAL SANTA_ROSA SANTA_JULIA SANTA_CLARA SANTA_ELENA SAN_JORGE SAN_CAYETANO SAN_ROQUE
SAN_ISIDRO DON_PEDRO DON_BOSCO LA_ESTRELLA LA_PERLA LA_CASCADA LA_HERRADURA EL_CEIBO EL_TRIGAL
EL_FORTIN EL_RESERO LOS_ALERCES LOS_SAUCES TRES_LOMAS DOS_HERMANAS CUATRO_VIENTOS CRUZ_DEL_SUR
""")
_ENDINGS = ("S A", "S R L", "S A", "S R L", "S A S", "S A C I", "E HIJOS", "S A")
_STATE = (
    "MUNICIPALIDAD DE {}", "HOSPITAL MUNICIPAL DE {}", "COOPERATIVA ELECTRICA DE {} LTDA",
    "COOPERATIVA DE TRABAJO {} LTDA", "CLUB SOCIAL Y DEPORTIVO {}", "UNIVERSIDAD DE {}",
    "ASOCIACION MUTUAL DE {}", "CONSORCIO CAMINERO DE {}",
)  # fmt: skip
_SPREAD = 0x9E3779B1  # odd, so that multiplying by it modulo 2**32 mixes and never repeats


def plain(name: str) -> str:
    """As old payrolls print it: capitals without accents, but with Ñ."""
    upper = name.upper().replace("Ñ", "\0")
    bare = unicodedata.normalize("NFD", upper)
    return "".join(c for c in bare if not unicodedata.combining(c)).replace("\0", "Ñ")


_SURNAMES = [plain(name) for name in SURNAME_LIST]
_GIVEN_NAMES = [[plain(name) for name in names] for names in GIVEN.values()]


def employer_name(number: int, home: Locality) -> str:
    """Of ten employers four are companies, three are persons, two belong to the place they are in."""
    mixed = number * _SPREAD % 2**32
    form, mixed = mixed % 10, mixed // 10
    if form < 2 and mixed % 7:
        return _STATE[mixed % len(_STATE)].format(plain(home.name))
    if form < 5:
        return _natural_person(mixed)
    return _partners(mixed) if form == 5 else _company(mixed)


def _natural_person(mixed: int) -> str:
    surname, mixed = _SURNAMES[mixed % len(_SURNAMES)], mixed // len(_SURNAMES)
    names, mixed = _GIVEN_NAMES[mixed % len(_GIVEN_NAMES)], mixed // len(_GIVEN_NAMES)
    return f"{surname} {names[mixed % len(names)]} {names[mixed // len(names) % len(names)]}"


def _partners(mixed: int) -> str:
    one, mixed = _SURNAMES[mixed % len(_SURNAMES)], mixed // len(_SURNAMES)
    other, mixed = _SURNAMES[mixed % len(_SURNAMES)], mixed // len(_SURNAMES)
    return f"{one} HNOS" if mixed % 5 == 0 else f"{one} Y {other}"


def _company(mixed: int) -> str:
    trade, mixed = _TRADES[mixed % len(_TRADES)], mixed // len(_TRADES)
    ending, mixed = _ENDINGS[mixed % len(_ENDINGS)], mixed // len(_ENDINGS)
    if mixed % 2:
        return f"{trade} {_SURNAMES[mixed // 2 % len(_SURNAMES)]} {ending}"
    return f"{trade} {_PLACES[mixed // 2 % len(_PLACES)]} {ending}"
