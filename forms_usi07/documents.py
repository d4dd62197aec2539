"""What to bring, by type of document («original y fotocopia si así lo indicara el formulario»)."""

# The office reads a DNI and checks it at once with the register of persons, so seeing it is enough.
# Of the others, which nothing can be asked about, it keeps a copy.
ORIGINAL = "original"
AND_COPY = "original y fotocopia"

WHAT_TO_BRING = {
    # type   how
    "DU":    ORIGINAL,
    "LE":    AND_COPY,
    "LC":    AND_COPY,
    "CI":    AND_COPY,
    "PAS":   AND_COPY,
}  # fmt: skip


def what_to_bring(document_type: str) -> str:
    """A type that is not in the table is a paper that the office has to keep a copy of."""
    return WHAT_TO_BRING.get(document_type, AND_COPY)
