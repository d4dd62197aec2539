"""What somebody with an old phone and a bad line waits for, and what Lighthouse says of the same pages.

    python bench/old_phone.py [rounds]

First paint and first contentful paint in Chromium with an empty cache, the processor slowed six times, on
what WebPageTest calls 2G (280 kbit/s down, 256 up, 800 ms there and back); at most 3 s. Beside it the same
pages as they are. Then what Lighthouse says of them with its mobile profile, where `npx` finds it:
accessibility, best practices, performance and layout shift. Needs a Chromium.
"""

import json
import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from _side_by_side import scratch_site

SLOWER = 6
TWO_G = {
    "offline": False, "latency": 800,
    "downloadThroughput": 280_000 // 8, "uploadThroughput": 256_000 // 8,
}  # fmt: skip
CATEGORIES = ("accessibility", "best-practices", "performance")
# Asked again and again: the site's policy lets no script of the browser driver wait for it.
PAINTS = """() => Object.fromEntries(
  performance.getEntriesByType("paint").map((entry) => [entry.name, entry.startTime]))"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def first_paint(context, site: str, address: str, *, throttled: bool) -> dict[str, float]:
    """Milliseconds until something is painted, in a page of its own."""
    page = context.new_page()
    line = page.context.new_cdp_session(page)
    line.send("Network.enable")
    line.send("Network.setCacheDisabled", {"cacheDisabled": True})
    if throttled:
        line.send("Network.emulateNetworkConditions", TWO_G)
        line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(site + address, wait_until="load", timeout=60_000)
    assert page.url == site + address, page.url
    while len(paints := page.evaluate(PAINTS)) < 2:
        page.wait_for_timeout(100)
    page.close()
    return paints


def nothing(context, site: str) -> None:
    """The first page is met by nobody in particular."""


def begin(context, site: str) -> None:
    """To the page with the CUIL, if the browser is not there already."""
    page = context.new_page()
    page.goto(f"{site}/crear/")
    button = page.get_by_role("button", name="ACEPTO", exact=True)
    if button.count():
        button.click()
        page.wait_for_url("**/crear/cuil/")
    page.close()


def log_in(context, site: str) -> None:
    from tests.browser.browser_visitor import BrowserVisitor
    from tests.builders import make_clave, make_person
    from tests.walker import log_in

    person = make_person()
    make_clave(person.cuil)
    who = BrowserVisitor(context.new_page(), site)
    log_in(who, person)
    who.page.close()


PAGES = {"/": nothing, "/crear/cuil/": begin, "/inicio/": log_in}


def paints(context, site: str, address: str, rounds: int) -> list[str]:
    """Lines of the first table."""
    lines = []
    for throttled in (False, True):
        taken = [first_paint(context, site, address, throttled=throttled) for _ in range(rounds)]
        first, content = (
            statistics.median(one[name] for one in taken)
            for name in ("first-paint", "first-contentful-paint")
        )
        how = f"2G, processor ÷ {SLOWER}" if throttled else "as it is"
        lines.append(f"  {address + '  ' + how:42}{first:8.0f}{content:9.0f}{3000 if throttled else '':>9}")
    return lines


def lighthouse(site: str, address: str, port: int) -> list[str]:
    """Lines of the second table, from the browser that is open, so that it has the cookies."""
    npx = shutil.which("npx")
    if npx is None:
        return ["  no npx here, so no Lighthouse (apt-get install npm)"]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "report.json"
        command = [npx, "--yes", "lighthouse", site + address, f"--port={port}", "--quiet"]
        options = ["--output=json", f"--output-path={file}", "--disable-storage-reset"]
        only = [f"--only-categories={','.join(CATEGORIES)}"]
        subprocess.run([*command, *options, *only], check=True, stdout=subprocess.DEVNULL)
        told = json.loads(file.read_text())
    scores = "".join(f"{told['categories'][name]['score'] * 100:9.0f}" for name in CATEGORIES)
    shift = told["audits"]["cumulative-layout-shift"]["numericValue"]
    where = told["finalDisplayedUrl"].removeprefix(site)
    failed = [audit for audit in told["audits"].values() if audit["score"] == 0]
    lines = [f"  {where:42}{scores}{shift:7.3f}"]
    return lines + [f"      {audit['id']}: {audit['title']}" for audit in failed]


def main(rounds: int) -> None:
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"  # Playwright's event loop runs in this thread
    with scratch_site(), sync_playwright() as playwright, tempfile.TemporaryDirectory() as profile:
        from tests.browser.chromium import ARGUMENTS, executable
        from tests.browser.live_site import served

        path, port = executable(), free_port()
        if path is None:
            raise SystemExit("No Chromium here: apt-get install chromium")
        with served() as site:
            arguments = [*ARGUMENTS, f"--remote-debugging-port={port}"]
            context = playwright.chromium.launch_persistent_context(
                profile, executable_path=path, args=arguments, locale="es-AR"
            )
            painted, judged = [], []
            for address, before in PAGES.items():
                before(context, site)
                painted += paints(context, site, address, rounds)
                judged += lighthouse(site, address, port)
            context.close()
    print(f"{f'first paint, ms, median of {rounds}':44}{'any':>8}{'content':>9}{'at most':>9}")
    print("\n".join(painted))
    print(f"{'Lighthouse, mobile':44}{'access.':>9}{'best pr.':>9}{'perform.':>9}{'CLS':>7}")
    print("\n".join(judged))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5)
