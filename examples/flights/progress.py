"""A progress bar for a terminal; one line at the end elsewhere."""

import sys

WIDTH = 32


class ProgressBar:
    def __init__(self, label, total):
        self.label = label
        self.total = total
        self.done = 0

    def show(self, done):
        self.done = min(done, self.total)
        if sys.stderr.isatty():
            self._write("\r")

    def finish(self):
        self._write("\r" if sys.stderr.isatty() else "")
        sys.stderr.write("\n")

    def _write(self, start):
        filled = WIDTH * self.done // self.total
        bar = "█" * filled + "░" * (WIDTH - filled)
        sys.stderr.write(f"{start}{self.label:<8} {bar} {self.done:>7,} of {self.total:,}")
        sys.stderr.flush()
