"""Runs one test command and says what it found."""

import dataclasses
import os
import re
import shlex
import signal
import subprocess
import time

SECONDS_MAX = 240  # a test that takes longer hangs


@dataclasses.dataclass(frozen=True)
class Trial:
    passed: bool
    found_by: str  # which test failed, in Markdown; why nothing was tested if it passed in vain
    seconds: float
    output: str


def _what_failed(program, output):
    """The first thing that went wrong, as the test programs tell it."""
    failed = re.search(r"^\[  FAILED  \] ([\w/]+\.[\w/]+)", output, re.MULTILINE)
    if failed:
        return f"`{failed[1]}`"
    begun = re.findall(r"^\[ RUN      \] (\S+)", output, re.MULTILINE)
    if begun:
        return f"`{begun[-1]}`, in which the program dies"
    finding = re.search(r"^seed \d+ fails: ([^:]+):", output, re.MULTILINE)
    if finding:
        return f"{program}: {finding[1]}"
    if re.search(r"^in the simulation of seed", output, re.MULTILINE):
        return f"{program}: a broken invariant stops it"
    case = re.search(r"^FAILED (\S+)", output, re.MULTILINE)
    return f"`{case[1]}`" if case else program


def run_test(command, folder):
    """Runs it inside `folder`; whatever it started ends with it."""
    words = shlex.split(command)
    program = os.path.basename(words[0])
    if not os.path.exists(os.path.join(folder, words[0])):
        return Trial(False, f"there is no {words[0]}", 0.0, "")
    begun = time.monotonic()
    with subprocess.Popen(words, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True, errors="replace", start_new_session=True,
                          env={**os.environ, "GTEST_FAIL_FAST": "1"}) as process:
        try:
            output, _ = process.communicate(timeout=SECONDS_MAX)
            hung = False
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            output, _ = process.communicate()
            hung = True
    seconds = time.monotonic() - begun
    if re.search(r"^\[=+\] Running 0 tests", output, re.MULTILINE):
        return Trial(False, f"{command} selects no test", seconds, output)
    if process.returncode == 0:
        return Trial(True, "", seconds, output)
    found_by = _what_failed(program, output)
    return Trial(False, found_by + (", which doesn't end" if hung else ""), seconds, output)
