"""What a measurement gave, and what several rounds of it amount to."""

import dataclasses
import math
import statistics


@dataclasses.dataclass(frozen=True)
class Figures:
    """One side, one work, one round. None: the tool that measured doesn't tell."""

    requests_per_second: float
    units_per_second: float  # records, items, rows
    bytes_per_second: float | None = None  # answers' bodies
    p50_us: float | None = None
    p99_us: float | None = None
    bad: int = 0
    server_cpu_us: float | None = None  # per request
    client_cpu_share: float | None = None  # of one core
    first_bad: str = ""


@dataclasses.dataclass(frozen=True)
class Summary:
    """Medians of the rounds, and the range of what was done in a second."""

    rounds: int
    units_per_second: float
    units_per_second_min: float
    units_per_second_max: float
    requests_per_second: float
    p50_us: float | None
    p99_us: float | None
    server_cpu_us: float | None
    client_cpu_share: float | None
    bad: int


def summarize(rounds):
    units = [figures.units_per_second for figures in rounds]
    return Summary(
        rounds=len(rounds), units_per_second=statistics.median(units),
        units_per_second_min=min(units), units_per_second_max=max(units),
        requests_per_second=statistics.median(f.requests_per_second for f in rounds),
        p50_us=median_of_known(f.p50_us for f in rounds),
        p99_us=median_of_known(f.p99_us for f in rounds),
        server_cpu_us=median_of_known(f.server_cpu_us for f in rounds),
        client_cpu_share=median_of_known(f.client_cpu_share for f in rounds),
        bad=sum(f.bad for f in rounds))


def median_of_known(values):
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def percentile(ordered, share):
    """The smallest of the ordered values that `share` of them don't exceed; None without values."""
    if not ordered:
        return None
    rank = math.ceil(len(ordered) * share * (1 - 1e-12))
    return ordered[max(rank, 1) - 1]
