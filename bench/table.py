"""Results as text, Markdown and JSON."""

import json

from works import WORKS

BASE = "Millstream"


def as_json(results):
    return json.dumps(results.to_json(), indent=1, default=str) + "\n"


def milliseconds(us):
    """"0.31", "12.4" or "-"; two figures that matter below ten."""
    if us is None:
        return "-"
    return f"{us / 1000:.2f}" if us < 10_000 else f"{us / 1000:.1f}"


def ratio(summaries, name):
    """How many times as much Millstream does, or "" where that says nothing."""
    base = summaries.get(BASE)
    if base is None or name == BASE or not summaries[name].units_per_second:
        return ""
    return f"{base.units_per_second / summaries[name].units_per_second:.2f}x"


def rows(results):
    """(work, [cells]) of each side of each work that was measured."""
    for work in WORKS:
        summaries = results.summaries(work.key)
        for name, summary in summaries.items():
            what = results.what(name, work.key)
            yield work, [
                f"{name}: {what}" if what else name,
                f"{summary.units_per_second:,.0f}",
                f"{summary.units_per_second_min:,.0f}-{summary.units_per_second_max:,.0f}",
                milliseconds(summary.p50_us), milliseconds(summary.p99_us),
                "-" if summary.server_cpu_us is None else f"{summary.server_cpu_us:,.1f}",
                "-" if summary.client_cpu_share is None else f"{summary.client_cpu_share:.0%}",
                ratio(summaries, name), f"{summary.bad} BAD" if summary.bad else ""]


def head(results):
    conditions = results.conditions
    rounds = max((len(rounds) for sides in results.rounds.values() for rounds in sides.values()),
                 default=0)
    return [
        f"{results.machine}; {results.taken}",
        f"{rounds} rounds in turn, {conditions['seconds']:g} s each, {conditions['connections']} "
        f"connections with one request each under way (one where it says one client), server on "
        f"core {conditions['server_core']}, client on core {conditions['client_core']}. Median and "
        "range of the rounds."]


def side_lines(results):
    return [f"{side.name} {side.version}: {side.durability}; signatures: {side.signatures}"
            for side in results.sides]


def trouble_lines(results):
    return ([f"not measured: {name}: {reason}" for name, reason in results.missing.items()]
            + [f"failed: {failure}" for failure in results.failures])


def as_text(results):
    lines = head(results)
    before = None
    for work, cells in rows(results):
        if work is not before:
            lines += ["", f"{work.title}  [{work.unit}/s]",
                      f"  {'':<40}{'median':>12}{'range':>24}{'p50 ms':>9}{'p99 ms':>9}"
                      f"{'CPU us/req':>12}{'client':>8}{'ours/it':>9}"]
            before = work
        side, median, spread, p50, p99, cpu, client, times, bad = cells
        lines.append(f"  {side:<40}{median:>12}{spread:>24}{p50:>9}{p99:>9}{cpu:>12}{client:>8}"
                     f"{times:>9} {bad}".rstrip())
    lines += ["", *side_lines(results), *trouble_lines(results)]
    return "\n".join(lines) + "\n"


def as_markdown(results):
    lines = [*head(results), ""]
    lines += ["| work | side | per second | range | p50 ms | p99 ms | CPU us/request | ours/it |",
              "|---|---|---|---|---|---|---|---|"]
    for work, (side, median, spread, p50, p99, cpu, _, times, bad) in rows(results):
        lines.append(f"| {work.title} | {side} | {median} {work.unit} {bad}".rstrip()
                     + f" | {spread} | {p50} | {p99} | {cpu} | {times} |")
    lines += ["", *(f"- {line}" for line in side_lines(results) + trouble_lines(results))]
    return "\n".join(lines) + "\n"
