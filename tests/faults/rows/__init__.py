"""The runs, each a row of the table: what is broken, how often, and what came of it."""

from collections.abc import Callable
from dataclasses import dataclass, field

from tests.faults.verdict import Verdict


@dataclass(frozen=True)
class Size:
    """How much of a run: 1 is the whole of it, as the figures are printed; the suite runs a part."""

    scale: float

    def of(self, full: int, least: int = 1) -> int:
        return max(least, round(full * self.scale))


@dataclass
class Row:
    """One line of the table. `passed`: a control passes when it did lose something."""

    name: str
    broken: str
    passed: bool
    verdict: Verdict | None = None
    more: dict[str, str | int | float] = field(default_factory=dict)
    why_not: str = ""

    def cells(self) -> list[str | int | None]:
        """As bench/print_figures.py prints them; None is a dash."""
        found = self.verdict
        counted = (
            [found.acknowledged, *(len(wrong) for wrong in found.kinds())]
            if found
            else [None] * len(_COUNTED)
        )
        told = "; ".join(f"{name} {value}" for name, value in self.more.items())
        skipped = f"skipped: {self.why_not}" if self.why_not else ""
        return [self.name, self.broken, *counted, told, skipped or ("holds" if self.passed else "FAILS")]


_COUNTED = ["acknowledged", "lost", "half states", "broken chains", "double effects", "wrong mails"]
COLUMNS = ["run", "what was broken", *_COUNTED, "measured", "verdict"]

Run = Callable[[Size], list[Row]]
