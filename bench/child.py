"""A server of one measurement as a child process."""

import os
import pathlib
import signal
import socket
import subprocess
import sys
import time

START_SECONDS_MAX = 90
STOP_SECONDS_MAX = 60
POLL_SECONDS = 0.005
TICKS_PER_SECOND = os.sysconf("SC_CLK_TCK")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def end_in_order_when_terminated():
    """SIGTERM ends this program as Ctrl-C does, so that the servers it started are stopped."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))


def is_listening(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


class Child:
    """`command` with its output in `log`. `before` runs in the child first (affinity, user)."""

    def __init__(self, command, log, before=None, environment=None, directory=None):
        self.log = pathlib.Path(log)
        with open(self.log, "ab") as output:
            self.process = subprocess.Popen(
                [str(part) for part in command], stdin=subprocess.DEVNULL, stdout=output,
                stderr=subprocess.STDOUT, preexec_fn=before, cwd=directory,
                env={**os.environ, **(environment or {})})

    def wait_until(self, is_ready):
        """Returns once `is_ready()`; raises with the log's end when the process ended before."""
        deadline = time.monotonic() + START_SECONDS_MAX
        while not is_ready():
            if self.process.poll() is not None:
                raise RuntimeError(f"{self.process.args[0]} ended with {self.process.returncode}:\n"
                                   f"{self.log_end()}")
            if time.monotonic() > deadline:
                self.stop()
                raise RuntimeError(f"{self.process.args[0]} isn't ready:\n{self.log_end()}")
            time.sleep(POLL_SECONDS)

    def is_alive(self):
        return self.process.poll() is None

    def stop(self, how=signal.SIGTERM):
        if self.process.poll() is not None:
            return
        self.process.send_signal(how)
        try:
            self.process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def log_end(self, lines=30):
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-lines:])

    def cpu_seconds(self):
        """Processor time of the process and of all that it started, those that ended included."""
        return sum(cpu_ticks(stat) for stat in tree_stats(self.process.pid)) / TICKS_PER_SECOND


def read_stat(pid):
    """The fields of /proc/<pid>/stat behind the name, or None when the process is gone."""
    try:
        text = pathlib.Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    return text.rpartition(")")[2].split()


def cpu_ticks(stat):
    """utime, stime, and the same of children that were waited for."""
    return sum(int(field) for field in stat[11:15])


def tree_stats(root):
    """The stats of `root` and of its descendants."""
    stats = {pid: stat for pid in map(int, filter(str.isdigit, os.listdir("/proc")))
             if (stat := read_stat(pid))}
    tree = {root}
    grew = True
    while grew:
        found = {pid for pid, stat in stats.items() if int(stat[1]) in tree} - tree
        tree |= found
        grew = bool(found)
    return [stats[pid] for pid in tree if pid in stats]
