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

    def cells(self) -> list[str]:
        found = self.verdict
        counted = (
            [
                len(found.lost),
                len(found.half_states),
                len(found.broken_chains),
                len(found.double_effects),
                len(found.wrong_mails),
            ]
            if found
            else [""] * 5
        )
        told = "; ".join(f"{name} {value}" for name, value in self.more.items())
        return [
            self.name, self.broken, f"{found.acknowledged:,}" if found else "", *map(str, counted), told,
            "skipped: " + self.why_not if self.why_not else "holds" if self.passed else "FAILS",
        ]  # fmt: skip


COLUMNS = [
    "run", "what was broken", "acknowledged", "lost", "half states", "broken chains", "double effects",
    "wrong mails", "measured", "verdict",
]  # fmt: skip

Run = Callable[[Size], list[Row]]
