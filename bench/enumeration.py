"""Whether the time of a refusal tells who has a key, and in which state: logging in, and changing the key.

    python bench/enumeration.py [pairs]

POST / and /cambiar/ with a wrong key, for a CUIL that nobody has and for one of each kind, taking turns,
200 pairs of each.
AUC: how often the one takes longer than the other, of two drawn at random; 0.5 is a coin, and between 0.45
and 0.55 nobody learns anything from one try. Beside it the same page made to skip the comparison where there
is no key: what a portal that does not take care would tell.
"""

import gc
import statistics
import sys
import time
from collections.abc import Callable

from _side_by_side import scratch_site


def auc(some: list[float], others: list[float]) -> float:
    """The share of pairs in which the one of `some` is the greater (Mann and Whitney's U)."""
    wins = sum((a > b) + (a == b) / 2 for a in some for b in others)
    return wins / (len(some) * len(others))


def one_try(cuil: str, door: str = "/") -> float:
    """Milliseconds of one refusal, from a connection of its own, so that no limit is met."""
    from guards.models import Counter
    from tests.journeys.test_changing import BAD, NEW
    from tests.visitor import Visitor
    from tests.walker import type_code

    who = Visitor()
    who.open(door).fill("Número de CUIL", cuil)
    if door == "/":
        who.fill("Clave de Seguridad Social", BAD)
    else:
        who.fill("Clave actual", BAD)
        who.fill("Clave nueva", NEW).fill("Confirmá tu clave nueva", NEW)
    type_code(who)
    address, form = who.form("INGRESAR" if door == "/" else "CAMBIAR CLAVE")
    Counter.objects.all().delete()
    gc.collect()
    start = time.perf_counter()
    answer = who.client.post(address, form)
    taken = (time.perf_counter() - start) * 1000
    assert answer.status_code == 200
    return taken


def compare(pairs: int, nobody: str, cuil: str, door: str = "/") -> tuple[float, float, float]:
    """AUC, and the medians in milliseconds, nobody's first."""
    of_nobody: list[float] = []
    of_somebody: list[float] = []
    for number in range(pairs):
        order = ((of_nobody, nobody), (of_somebody, cuil))
        for times, whose in order if number % 2 else reversed(order):
            times.append(one_try(whose, door))
    return auc(of_somebody, of_nobody), statistics.median(of_nobody), statistics.median(of_somebody)


def careless(compare_always: Callable[..., bool]) -> Callable[..., bool]:
    """Does not compare where there is nothing to compare with."""
    return lambda raw, clave: clave is not None and compare_always(raw, clave)


def main(pairs: int) -> None:
    with scratch_site():
        from accounts import backends
        from tests.journeys.test_changing import CASES, no_such_person

        nobody, kinds = no_such_person(), [case for case in CASES if case is not no_such_person]
        cuils = {case.__name__: case() for case in kinds}
        for door in ("/", "/cambiar/"):
            one_try(nobody, door)
            title = f"{door}, a wrong key, {pairs} pairs"
            print(f"{title:36}{'AUC':>7}{'nobody, ms':>12}{'this, ms':>10}")
            for name, cuil in cuils.items():
                area, nobodys, its = compare(pairs, nobody, cuil, door)
                print(f"  nobody and {name:24}{area:7.3f}{nobodys:12.2f}{its:10.2f}")
        backends.secret_matches = careless(backends.secret_matches)
        area, nobodys, its = compare(pairs // 4, nobody, cuils["live_key"])
        print(f"  {'careless: nobody and live_key':34}{area:7.3f}{nobodys:12.2f}{its:10.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200)
