"""What each phase may cost: budget.json, and what exceeds it.

For each phase the file holds the instructions of one request and of the functions that took most of
them: own, and with what they call.
"""

import json
import pathlib

PATH = pathlib.Path(__file__).with_name("budget.json")
TOLERANCE = 0.03
FUNCTIONS_MAX = 40  # by own cost, and as many by total cost
SHOWN_MAX = 8
TOTAL_SHARE_MIN = 0.3  # of a phase's growth, for a function to be named for what it calls


def load():
    return json.loads(PATH.read_text(encoding="utf-8"))


def save(phases):
    """`phases` maps titles to profiles of one request. One line a function, for readable diffs."""
    parts = []
    for title, profile in phases.items():
        functions = ",\n".join(f"   {json.dumps(name)}: [{cost.own}, {cost.total}]"
                               for name, cost in most_costly(profile.functions))
        parts.append(f' {json.dumps(title)}: {{\n  "instructions": {profile.instructions},\n'
                     f'  "functions": {{\n{functions}\n  }}\n }}')
    PATH.write_text("{\n" + ",\n".join(parts) + "\n}\n", encoding="utf-8")


def most_costly(functions):
    """Name and cost of the functions to remember, by their own cost."""
    by_own = sorted(functions.items(), key=lambda item: (-item[1].own, item[0]))
    by_total = sorted(functions.items(), key=lambda item: (-item[1].total, item[0]))
    kept = dict(by_own[:FUNCTIONS_MAX] + by_total[:FUNCTIONS_MAX])
    return sorted(kept.items(), key=lambda item: (-item[1].own, item[0]))


def excess(allowed, profile):
    """By which share `profile` is above (below, if negative) what `allowed` says."""
    return profile.instructions / allowed["instructions"] - 1


def growth(allowed, profile):
    """Lines that name what grew most; for a phase that exceeds its budget."""
    known = allowed["functions"]
    grown = profile.instructions - allowed["instructions"]
    # What isn't in the file cost no more than the cheapest that is.
    own_floor, total_floor = _floor(known, 0), _floor(known, 1)
    own, total = [], []
    for name, cost in profile.functions.items():
        before = known.get(name, [own_floor, total_floor])
        own.append((cost.own - before[0], name))
        if cost.total - before[1] >= grown * TOTAL_SHARE_MIN:
            total.append((cost.total, cost.total - before[1], name))
    lines = ["  by themselves:"]
    lines += [f"    {by:+9,}  {name}" for by, name in sorted(own, reverse=True)[:SHOWN_MAX] if by > 0]
    lines += ["  with what they call, innermost first:"]
    lines += [f"    {by:+9,}  {name}" for _, by, name in sorted(total)[:SHOWN_MAX]]
    return lines


def _floor(known, index):
    """The cost below which a function was left out; 0 if none was."""
    if len(known) < FUNCTIONS_MAX:
        return 0
    return sorted((cost[index] for cost in known.values()), reverse=True)[FUNCTIONS_MAX - 1]
