"""What the peers' own tools print is read right."""

import unittest

from peers import postgresql

PGBENCH = """\
number of transactions actually processed: 3
number of failed transactions: 2 (0.000%)
latency average = 0.4 ms
tps = 2345.678901 (without initial connection time)
"""
PGBENCH_LOG = """\
0 1 310 0 1795342530 123456
1 1 900 0 1795342530 223456
0 2 420 0 1795342530 323456
"""


class Postgresql(unittest.TestCase):
    def test_pgbench(self):
        latencies = sorted(postgresql.read_log(PGBENCH_LOG))
        figures = postgresql.to_figures(PGBENCH, latencies, cpu_seconds=0.0003)
        self.assertEqual(figures.units_per_second, 2345.678901)
        self.assertEqual((figures.p50_us, figures.p99_us, figures.bad), (420, 900, 2))
        self.assertAlmostEqual(figures.server_cpu_us, 100)


if __name__ == "__main__":
    unittest.main()
