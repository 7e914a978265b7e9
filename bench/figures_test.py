"""Percentiles and what several rounds amount to."""

import unittest

from figures import Figures, percentile, summarize


class Percentile(unittest.TestCase):
    def test_is_the_value_that_the_share_does_not_exceed(self):
        ordered = list(range(1, 101))
        self.assertEqual([percentile(ordered, share) for share in (0, 0.5, 0.99, 1)],
                         [1, 50, 99, 100])

    def test_of_one_value_is_that_value(self):
        self.assertEqual(percentile([7], 0.99), 7)

    def test_of_nothing_is_none(self):
        self.assertIsNone(percentile([], 0.5))


class Summaries(unittest.TestCase):
    def test_take_medians_and_the_range(self):
        rounds = [Figures(10, 100, p50_us=3, bad=1), Figures(30, 300, p50_us=None),
                  Figures(20, 200, p50_us=5)]
        summary = summarize(rounds)
        self.assertEqual((summary.units_per_second, summary.units_per_second_min,
                          summary.units_per_second_max), (200, 100, 300))
        self.assertEqual((summary.requests_per_second, summary.p50_us, summary.bad), (20, 4, 1))
        self.assertIsNone(summary.p99_us)


if __name__ == "__main__":
    unittest.main()
