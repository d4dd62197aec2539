"""What may be wrong after a run. Knows nothing of Django: the runner prints it."""

from dataclasses import dataclass, field


@dataclass
class Verdict:
    """What is wrong, each kind by itself; a run is clean when there is nothing of any."""

    acknowledged: int = 0
    events: int = 0
    lost: list[str] = field(default_factory=list)
    half_states: list[str] = field(default_factory=list)
    broken_chains: list[str] = field(default_factory=list)
    double_effects: list[str] = field(default_factory=list)
    wrong_mails: list[str] = field(default_factory=list)

    @property
    def clean(self) -> bool:
        return not (
            self.lost or self.half_states or self.broken_chains or self.double_effects or self.wrong_mails
        )
