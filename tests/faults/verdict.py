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

    def kinds(self) -> list[list[str]]:
        """In the order of the table."""
        return [self.lost, self.half_states, self.broken_chains, self.double_effects, self.wrong_mails]

    @property
    def clean(self) -> bool:
        return not any(self.kinds())
