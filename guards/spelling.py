"""Names compared however they are spelled."""

import re
import unicodedata

_NO_LETTER = re.compile(r"[\W_]+")


def same(text: str) -> str:
    """Two spellings of one name give the same string: no case, accents, punctuation or spaces."""
    if not text.isascii():
        decomposed = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in decomposed if not unicodedata.combining(c))
    return _NO_LETTER.sub("", text.casefold())
