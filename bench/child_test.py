"""A child is waited for, measured with its own children, and stopped."""

import pathlib
import sys
import tempfile
import unittest

from child import Child, cpu_ticks, free_port, is_listening

# Spends some time in a child of its own, then listens.
PROGRAM = """
import socket, subprocess, sys
subprocess.run([sys.executable, "-c", "sum(range(10**7))"])
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
server.accept()
"""


class Children(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.log = pathlib.Path(folder.name, "log")

    def test_time_of_ended_descendants_counts(self):
        port = free_port()
        child = Child([sys.executable, "-c", PROGRAM, port], self.log)
        self.addCleanup(child.stop)
        child.wait_until(lambda: is_listening(port))
        self.assertGreater(child.cpu_seconds(), 0.05)

    def test_an_early_end_is_told_with_the_log(self):
        child = Child([sys.executable, "-c", "print('no licence'); raise SystemExit(3)"], self.log)
        with self.assertRaisesRegex(RuntimeError, "ended with 3:\nno licence"):
            child.wait_until(lambda: False)

    def test_ticks_are_of_the_process_and_its_waited_children(self):
        stat = "S 1 1 1 0 -1 4194304 1 2 3 4 10 20 30 40 20 0 1".split()
        self.assertEqual(cpu_ticks(stat), 100)


if __name__ == "__main__":
    unittest.main()
