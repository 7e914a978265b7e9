"""What a run of kills comes to: acknowledged, found, lost, duplicated, and how long starting took."""

HEAD = ("what", "acknowledged", "found", "lost", "duplicated")


def as_markdown(workers):
    rows = [HEAD, ("---",) + ("---:",) * 4]
    rows += [(worker.name, f"{worker.acknowledged:,}", f"{worker.found:,}", str(len(worker.lost)),
              str(len(worker.duplicated))) for worker in workers]
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


def recoveries(seconds):
    """`seconds`: from each start of the process until it was ready."""
    ordered = sorted(seconds)
    return (f"{len(ordered)} kills; ready again after {ordered[len(ordered) // 2] * 1000:.0f} ms "
            f"(median), {ordered[-1] * 1000:.0f} ms (longest)")


def complaints(workers):
    return [f"{worker.name}: lost {what}" for worker in workers for what in worker.lost[:5]] + [
        f"{worker.name}: duplicated {what}" for worker in workers for what in worker.duplicated[:5]]
