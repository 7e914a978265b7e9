"""What the peers' own tools print is read right."""

import unittest

from peers import kafka, postgresql

PRODUCER = """\
49994 records sent, 9998.8 records/sec (0.95 MB/sec), 3.1 ms avg latency, 212.0 ms max latency.
100000 records sent, 99206.3 records/sec (9.46 MB/sec), 4.20 ms avg latency, 90.00 ms max latency, \
3 ms 50th, 8 ms 95th, 17 ms 99th, 44 ms 99.9th.
"""
CONSUMER = """\
start.time, end.time, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec, rebalance.time.ms, \
fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec
2026-11-22 10:00:00:000, 2026-11-22 10:00:02:000, 64.0, 32.0, 65536, 32768.0, 1000, 1000, 64.0, 65536.0
"""
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


class Kafka(unittest.TestCase):
    def test_the_producers_last_line(self):
        self.assertEqual(kafka.read_producer(PRODUCER), (99206.3, 3.0, 17.0))

    def test_the_consumers_rates_leave_out_the_joining(self):
        self.assertEqual(kafka.read_consumer(CONSUMER), (65536.0, 64.0 * 2**20))

    def test_a_cluster_id_is_a_uuid_in_base64(self):
        self.assertEqual(len(kafka.cluster_id()), 22)


class Postgresql(unittest.TestCase):
    def test_pgbench(self):
        latencies = sorted(postgresql.read_log(PGBENCH_LOG))
        figures = postgresql.to_figures(PGBENCH, latencies, cpu_seconds=0.0003)
        self.assertEqual(figures.units_per_second, 2345.678901)
        self.assertEqual((figures.p50_us, figures.p99_us, figures.bad), (420, 900, 2))
        self.assertAlmostEqual(figures.server_cpu_us, 100)


if __name__ == "__main__":
    unittest.main()
