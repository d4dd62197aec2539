"""The provinces by their letter (ISO 3166-2:AR), and the letter by the names people use."""

from guards.spelling import same

PROVINCES = {
    "A": "Salta", "B": "Buenos Aires", "C": "Ciudad Autónoma de Buenos Aires", "D": "San Luis",
    "E": "Entre Ríos", "F": "La Rioja", "G": "Santiago del Estero", "H": "Chaco", "J": "San Juan",
    "K": "Catamarca", "L": "La Pampa", "M": "Mendoza", "N": "Misiones", "P": "Formosa", "Q": "Neuquén",
    "R": "Río Negro", "S": "Santa Fe", "T": "Tucumán", "U": "Chubut", "V": "Tierra del Fuego",
    "W": "Corrientes", "X": "Córdoba", "Y": "Jujuy", "Z": "Santa Cruz",
}  # fmt: skip

_OTHER_NAMES = {
    "C": ("CABA", "Capital", "Capital Federal", "Ciudad de Buenos Aires"),
    "B": ("Bs As", "PBA"),
    "G": ("Sgo del Estero",),
    "V": ("Tierra del Fuego, Antártida e Islas del Atlántico Sur",),
}
_BEFORE_THE_NAME = ("", "provincia", "provincia de", "provincia del", "prov", "prov de", "pcia", "pcia de")


def _letters() -> dict[str, str]:
    names = list(PROVINCES.items())
    names += [(letter, name) for letter, others in _OTHER_NAMES.items() for name in others]
    return {same(before + name): letter for before in _BEFORE_THE_NAME for letter, name in names}


_LETTERS = _letters()


def province_called(name: str) -> str | None:
    """Its letter, for any usual spelling: «la pampa», «Pcia. de Bs. As.», «CABA»."""
    return _LETTERS.get(same(name))
