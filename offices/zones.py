"""Which office serves an address."""

from offices.models import Zone
from offices.places import digits_of, place_of
from offices.provinces import PROVINCES


def zone_of(*, postal_code: str, locality: str, province: str) -> Zone | None:
    """The zone of an address with its office, by one index look-up; None where nobody serves it.

    Spelling does not matter (case, accents, dots, «Gral.»), and a CPA counts as its four digits. Of
    the zones that fit, the most specific: postal code and locality, postal code, locality, province.
    """
    if province not in PROVINCES:  # abroad
        return None
    fitting = Zone.objects.shown().filter(
        province=province,
        office__withdrawn=False,
        digits__in={digits_of(postal_code), ""},
        place__in={place_of(locality), ""},
    )
    # What is empty sorts last: at most four rows.
    return fitting.select_related("office").order_by("-digits", "-place").first()
