"""What every measurement has in common: where the programs are, and which core does what."""

import dataclasses
import os
import pathlib
import platform

ROOT = pathlib.Path(__file__).resolve().parent.parent
PEERS = ROOT / ".tools" / "peers"  # what the peers install; git-ignored
SCRATCH = ROOT / "build" / "bench"  # the servers' data, on a real disk; git-ignored
ACCESS_KEY_ID = "AKIDBENCH"
SECRET_ACCESS_KEY = "benchsecret"


@dataclasses.dataclass(frozen=True)
class Conditions:
    build: pathlib.Path = ROOT / "build" / "release"
    durability: str = "fsync"  # of Millstream
    connections: int = 64
    seconds: float = 5.0
    warmup_seconds: float = 0.5
    server_core: int | None = 0  # None: any
    client_core: int | None = 1
    cold_mib: int = 1024  # how much get_records_cold reads


def on_core(core):
    """For subprocess's preexec_fn: the child, and what it starts, stays on that core."""
    if core is None:
        return None
    return lambda: os.sched_setaffinity(0, {core % os.cpu_count()})


def describe_machine():
    """One line for a table's head."""
    with open("/proc/cpuinfo", encoding="utf-8") as file:
        models = [line.split(":", 1)[1].strip() for line in file if line.startswith("model name")]
    with open("/proc/meminfo", encoding="utf-8") as file:
        memory_gib = round(int(file.readline().split()[1]) / 2**20)
    return (f"{os.cpu_count()} cores ({models[0] if models else platform.machine()}), "
            f"{memory_gib} GiB, Linux {platform.release()}")
