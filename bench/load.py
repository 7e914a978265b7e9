"""Runs the load generator (bench/load_generator) and reads what it prints."""

import json
import subprocess

from conditions import ACCESS_KEY_ID, SECRET_ACCESS_KEY, on_core
from figures import Figures

EXTRA_SECONDS_MAX = 180  # for preparing the requests and for the last answers


def run_load(conditions, port, workload, **options):
    """The generator's JSON. Options are its flags: seconds=2, protocol="http2", once=True."""
    settings = {"connections": conditions.connections, "seconds": conditions.seconds, **options}
    command = [conditions.build / "bench" / "load_generator", "--port", str(port), "--workload",
               workload, "--access-key-id", ACCESS_KEY_ID, "--secret-access-key", SECRET_ACCESS_KEY]
    for name, value in settings.items():
        flag = "--" + name.replace("_", "-")
        command += [flag] if value is True else [flag, str(value)]
    out = subprocess.run(command, preexec_fn=on_core(conditions.client_core), capture_output=True,
                         text=True, check=False,
                         timeout=float(settings["seconds"]) + EXTRA_SECONDS_MAX)
    if out.returncode != 0:
        raise RuntimeError(f"load_generator {workload}: {out.stderr.strip()}")
    return json.loads(out.stdout)


def to_figures(result, server_cpu_seconds=None):
    """`server_cpu_seconds` is what the server used for all requests of the run."""
    answered = result["latency_us"]["count"]
    cpu_us = None
    if server_cpu_seconds is not None and answered:
        cpu_us = server_cpu_seconds * 1e6 / answered
    return Figures(
        requests_per_second=result["requests_per_second"],
        units_per_second=result["units_per_second"],
        bytes_per_second=result["body_bytes_per_second"],
        p50_us=result["latency_us"]["p50"], p99_us=result["latency_us"]["p99"], bad=result["bad"],
        server_cpu_us=cpu_us, client_cpu_share=result["client_cpu_share"],
        first_bad=result["first_bad"])


def measure(conditions, child, port, workload, warm_up=True, **options):
    """Figures of one run against `child`, after a short one that doesn't count."""
    if warm_up and conditions.warmup_seconds > 0:
        run_load(conditions, port, workload, **{**options, "seconds": conditions.warmup_seconds})
    before = child.cpu_seconds()
    result = run_load(conditions, port, workload, **options)
    return to_figures(result, child.cpu_seconds() - before)
