"""What a form USI-07 costs: ours beside one plain WeasyPrint call on the same page, in one run.

    python bench/usi07.py [rounds]

P7: warm, tagged, with its codes and its template, beside the page alone in a plain call.
P8: the first one after the start of a process, beside a warm one of the same process; and, without
warming up, beside a plain first call in a process of its own: most of both is loading WeasyPrint.
"""

import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from _budgets import Figure
from _side_by_side import ROOT, processor_time, report, scratch_site

STARTS = 5


def plain_page() -> str:
    """The page of the form with its styles and fonts in it, as a plain call needs it."""
    from forms_usi07 import press
    from forms_usi07.usi07 import render
    from tests.forms_usi07.examples import RESIDENT

    seen: list[str] = []
    ours, press.print_page = press.print_page, seen.append  # type: ignore[assignment]
    try:
        render(RESIDENT)
    finally:
        press.print_page = ours
    faces = "".join(
        f'@font-face {{ font-family: "Portal Print"; font-weight: {weight}; src: url({font.as_uri()}) }}'
        for weight, font in zip((700, 400), press.FONTS, strict=True)
    )
    styles = (ROOT / "templates/forms_usi07/paper.css").read_text()
    size = f"html {{ font-size: {press.SIZES[0]}pt }}"
    return seen[0].replace("</head>", f"<style>{faces}{styles}{size}</style></head>")


def warm(rounds: int) -> tuple[dict[str, float], dict[str, int]]:
    """Milliseconds of each, the yardstick first and the budget's form last; and bytes."""
    from weasyprint import HTML

    from forms_usi07.usi07 import render
    from tests.forms_usi07.examples import ABROAD, FULLEST_ABROAD, RESIDENT

    page = plain_page()
    forms: dict[str, Callable[[], bytes]] = {
        "one plain WeasyPrint call, untagged": lambda: HTML(string=page).write_pdf(),
        "one plain WeasyPrint call, PDF/UA": lambda: HTML(string=page).write_pdf(pdf_variant="pdf/ua-1"),
        "the longest values there are, non-resident": partial(render, FULLEST_ABROAD),
        "a non-resident's": partial(render, ABROAD),
        "a resident's": partial(render, RESIDENT),
    }
    return processor_time(forms, rounds), {name: len(make()) for name, make in forms.items()}


def first(kind: str) -> None:
    """In a process of its own: milliseconds of the first form and of a warm one, as JSON."""
    import os

    os.environ["DJANGO_SETTINGS_MODULE"] = "tests.settings"
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    from forms_usi07 import warm_up
    from forms_usi07.usi07 import render
    from tests.forms_usi07.examples import RESIDENT

    if kind == "warmed":
        warm_up()
    taken = []
    for _ in range(12):
        start = time.process_time()
        render(RESIDENT)
        taken.append((time.process_time() - start) * 1000)
    print(json.dumps([taken[0], statistics.median(taken[2:])]))


def first_plain(page: Path) -> None:
    """The same of a plain call on this page, loading the library included."""
    text = page.read_text(encoding="utf-8")
    taken = []
    for _ in range(4):
        start = time.process_time()
        from weasyprint import HTML

        HTML(string=text).write_pdf()
        taken.append((time.process_time() - start) * 1000)
    print(json.dumps([taken[0], statistics.median(taken[1:])]))


def starts(*kind: str) -> list[float]:
    """Medians over several processes: the first form, a warm one."""
    runs = []
    for _ in range(STARTS):
        done = subprocess.run([sys.executable, __file__, *kind], capture_output=True, check=True, text=True)
        runs.append(json.loads(done.stdout.splitlines()[-1]))
    return [statistics.median(column) for column in zip(*runs, strict=True)]


def figures(*, full: bool) -> list[Figure]:
    with scratch_site():
        times, _ = warm(41)
    plain, *_, resident = times.values()
    first_warmed, later = starts("warmed")
    return [Figure("P7", resident, plain, "ms CPU"), Figure("P8", first_warmed, later, "ms CPU")]


def main() -> None:
    if sys.argv[1:] in (["warmed"], ["cold"]):
        first(sys.argv[1])
        return
    if sys.argv[1:2] == ["plain"]:
        first_plain(Path(sys.argv[2]))
        return
    with scratch_site(), tempfile.TemporaryDirectory() as scratch:
        times, sizes = warm(int(sys.argv[1]) if sys.argv[1:] else 41)
        page = Path(scratch) / "page.html"
        page.write_text(plain_page(), encoding="utf-8")
        plain_cold, _ = starts("plain", str(page))
    report("P7 USI-07, warm", times)
    print("".join(f"  {name:60}{size / 1000:9.1f} kB\n" for name, size in sizes.items()))
    first_cold, _ = starts("cold")
    report(
        "the first of a process, nothing loaded",
        {"one plain WeasyPrint call": plain_cold, "a resident's form": first_cold},
    )
    first_warmed, later = starts("warmed")
    report(
        "P8 the first after the start",
        {
            "a warm one, same process": later,
            "the first, without warming up": first_cold,
            "the first, warmed up at the start": first_warmed,
        },
    )


if __name__ == "__main__":
    main()
