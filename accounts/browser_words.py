"""A browser in two words, for whoever asks themselves «¿fui yo?». The header itself is not kept."""

from django.http import HttpRequest

# The first that fits: most browsers also name the ones they descend from.
_BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Internet de Samsung"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("CrOS", "Chromebook"),
    ("Mac OS X", "Mac"),
    ("Linux", "Linux"),
)


def browser_of(request: HttpRequest) -> str:
    """«Chrome en Android»."""
    header = request.headers.get("User-Agent", "")
    browser, system = _first(_BROWSERS, header), _first(_SYSTEMS, header)
    if not browser and not system:
        return "Un navegador que no reconocemos"
    return " en ".join(filter(None, (browser or "Un navegador", system)))


def _first(names: tuple[tuple[str, str], ...], header: str) -> str:
    return next((name for sign, name in names if sign in header), "")
