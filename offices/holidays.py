"""National holidays of Argentina (Ley 27.399 and the decrees of each year), from the library `holidays`."""

from datetime import date
from functools import lru_cache


@lru_cache(maxsize=8)
def national_holidays(year: int) -> frozenset[date]:
    """The days of that year on which public offices are closed all over the country.

    Days «con fines turísticos» are decreed each year: those of a year to come are not known yet.
    """
    # Here and not above: loading it takes a tenth of a second, which commands need not spend.
    from holidays.countries.argentina import Argentina

    return frozenset(Argentina(years=year))
