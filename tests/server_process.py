"""A Millstream server as a child process: started, asked for its health, stopped or killed."""

import os
import pathlib
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

ROOT = pathlib.Path(__file__).resolve().parents[1]
START_SECONDS_MAX = 60
STOP_SECONDS_MAX = 60


def binary():
    return os.environ.get("MILLSTREAM_BINARY", str(ROOT / "build/release/millstream"))


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class ServerProcess:
    """Serves `data` on a port of its own, which stays the same over restarts."""

    def __init__(self, data, *options):
        self.data = pathlib.Path(data)
        self.port = free_port()
        self.endpoint = f"http://127.0.0.1:{self.port}"
        self.log = self.data.with_suffix(".log")
        self.options = options
        self.process = None

    def start(self, *before):
        """Starts it and returns once it is ready. `before` is a command that runs the server's."""
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                [*before, binary(), "serve", "--listen", f"127.0.0.1:{self.port}", "--data",
                 str(self.data), *self.options],
                stdin=subprocess.DEVNULL, stdout=log, stderr=subprocess.STDOUT)
        deadline = time.monotonic() + START_SECONDS_MAX
        while not self.is_ready():
            if self.process.poll() is not None:
                raise RuntimeError(f"the server ended with {self.process.returncode}:\n"
                                   f"{self.log_end()}")
            if time.monotonic() > deadline:
                raise RuntimeError(f"the server isn't ready:\n{self.log_end()}")
            time.sleep(0.02)
        return self

    def is_ready(self):
        try:
            with urllib.request.urlopen(f"{self.endpoint}/_millstream/health", timeout=5) as answer:
                return answer.status == 200
        except (urllib.error.URLError, OSError):
            return False

    def stop(self):
        """Asks it to end and returns its exit status."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_SECONDS_MAX)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def is_alive(self):
        return self.process is not None and self.process.poll() is None

    def log_end(self, lines=40):
        text = self.log.read_text(encoding="utf-8", errors="replace")
        return "\n".join(text.splitlines()[-lines:])
