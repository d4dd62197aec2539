"""What a search field of a public page takes: whatever is typed gets an answer."""


def tidy(text: str, longest: int) -> str:
    """On one line, without what cannot be seen, cut to what is looked at."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:longest].strip()
