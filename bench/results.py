"""All that one run of compare.py found out."""

import dataclasses

from figures import Figures, summarize


@dataclasses.dataclass(frozen=True)
class Side:
    """A server that was measured."""

    name: str
    version: str
    durability: str
    signatures: str
    works: dict  # work's key -> what it is on this side


@dataclasses.dataclass
class Results:
    machine: str
    conditions: dict
    taken: str
    sides: list = dataclasses.field(default_factory=list)
    rounds: dict = dataclasses.field(default_factory=dict)  # work -> side's name -> [Figures]
    missing: dict = dataclasses.field(default_factory=dict)  # peer -> why it wasn't measured
    failures: list = dataclasses.field(default_factory=list)

    def add(self, side, work, figures):
        self.rounds.setdefault(work, {}).setdefault(side, []).append(figures)

    def summaries(self, work):
        """side's name -> Summary, in the sides' order."""
        measured = self.rounds.get(work, {})
        return {side.name: summarize(measured[side.name]) for side in self.sides
                if side.name in measured}

    def what(self, side_name, work):
        """What the work is on that side: "SET 1 KB"; "" when it is the work itself."""
        return next(side.works.get(work, "") for side in self.sides if side.name == side_name)

    def is_sound(self):
        """Whether every answer was right and every side could do what it says."""
        return not self.failures and not any(
            figures.bad for sides in self.rounds.values() for rounds in sides.values()
            for figures in rounds)

    def to_json(self):
        return dataclasses.asdict(self)

    @staticmethod
    def from_json(data):
        results = Results(**{**data, "sides": [Side(**side) for side in data["sides"]]})
        results.rounds = {work: {side: [Figures(**figures) for figures in rounds]
                                 for side, rounds in sides.items()}
                          for work, sides in data["rounds"].items()}
        return results
