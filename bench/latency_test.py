"""Records, batches and rows are put together right."""

import unittest

from latency import Batch, latencies
from row_watcher import RowWatcher

TRACE = {0: (1000, 1010), 1: (2000, 2030), 2: (3000, 3020)}


class Latencies(unittest.TestCase):
    def test_count_from_the_intended_put(self):
        batches = [Batch("a", 2500, [0, 1]), Batch("a", 3500, [2])]
        sightings = {"a": [(0, 900), (2, 2600), (3, 3700)]}
        answer, start, row = latencies(TRACE, batches, sightings)
        self.assertEqual(answer, [10, 20, 30])
        self.assertEqual(start, [500, 500, 1500])
        self.assertEqual(row, [600, 700, 1600])

    def test_a_look_that_missed_a_batch_counts_from_the_next(self):
        batches = [Batch("a", 2500, [0, 1]), Batch("a", 3500, [2])]
        _, _, row = latencies(TRACE, batches, {"a": [(3, 3700)]})
        self.assertEqual(row, [700, 1700, 2700])

    def test_a_row_that_never_came_is_left_out(self):
        _, start, row = latencies(TRACE, [Batch("a", 2500, [0, 1]), Batch("b", 3500, [2])],
                                  {"a": [(2, 2600)]})
        self.assertEqual((len(start), len(row)), (3, 2))


class Watcher(unittest.TestCase):
    def test_notes_changes_alone(self):
        watcher = RowWatcher(1, ("key", "secret"), "t", ["a"], 1)
        for now_us, seen in ((1, "5"), (2, "5"), (3, "7")):
            watcher.note(now_us, [{"id": {"S": "a"}, "seen": {"N": seen}}])
        self.assertEqual(watcher.sightings, {"a": [(5, 1), (7, 3)]})


if __name__ == "__main__":
    unittest.main()
