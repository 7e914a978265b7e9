"""Results survive JSON, and tables say what was measured, missed and wrong."""

import json
import unittest
import xml.etree.ElementTree

from chart import bar_chart, line_chart, nice_step
from figures import Figures
from results import Results, Side
from table import as_json, as_markdown, as_text, milliseconds


def some_results():
    results = Results(machine="a machine", taken="today", conditions={
        "seconds": 5.0, "connections": 64, "server_core": 0, "client_core": 1})
    results.sides = [Side("Millstream", "1", "fsync", "checked", {"put_item": ""}),
                     Side("Redis", "7", "always <&>", "none", {"put_item": "SET 1 KB"})]
    for value in (1000, 3000, 2000):
        results.add("Millstream", "put_item", Figures(value, value, p50_us=1500, p99_us=25_000,
                                                      server_cpu_us=12.3, client_cpu_share=0.5))
        results.add("Redis", "put_item", Figures(value * 2, value * 2))
    results.missing["Kafka"] = "there is no Java"
    return results


class Tables(unittest.TestCase):
    def test_text_has_each_side_with_median_range_and_ratio(self):
        lines = as_text(some_results()).splitlines()
        ours = next(line for line in lines if line.strip().startswith("Millstream  "))
        theirs = next(line for line in lines if "SET 1 KB" in line)
        for words in ("2,000", "1,000-3,000", "1.50", "25.0", "12.3", "50%"):
            self.assertIn(words, ours)
        self.assertIn("0.50x", theirs)

    def test_durability_and_what_is_missing_are_told(self):
        for table in (as_text(some_results()), as_markdown(some_results())):
            self.assertIn("Redis 7: always <&>", table)
            self.assertIn("not measured: Kafka: there is no Java", table)

    def test_a_wrong_answer_is_shown_and_makes_the_run_unsound(self):
        results = some_results()
        self.assertTrue(results.is_sound())
        results.add("Redis", "put_item", Figures(1, 1, bad=3))
        self.assertIn("3 BAD", as_text(results))
        self.assertIn("3 BAD", as_markdown(results))
        self.assertFalse(results.is_sound())

    def test_json_gives_the_same_results_back(self):
        again = Results.from_json(json.loads(as_json(some_results())))
        self.assertEqual(as_text(again), as_text(some_results()))

    def test_milliseconds(self):
        self.assertEqual([milliseconds(us) for us in (None, 310, 9_999, 12_345)],
                         ["-", "0.31", "10.00", "12.3"])


class Charts(unittest.TestCase):
    def test_are_well_formed_and_hold_the_figures(self):
        bars = bar_chart(some_results())
        lines = line_chart("a <title>", "shards", [0, 1, 1000], {"p50": [1, 2, 3], "p99": [4, 5, 60]})
        for chart in (bars, lines):
            xml.etree.ElementTree.fromstring(chart)
        self.assertIn("4,000", bars)
        self.assertIn("1k", lines)

    def test_an_empty_series_is_drawn(self):
        xml.etree.ElementTree.fromstring(line_chart("", "", [1], {"p50": [0]}))

    def test_steps_are_round(self):
        self.assertEqual([nice_step(most) for most in (0, 4, 10, 37, 1200)], [1, 1, 2, 10, 500])


if __name__ == "__main__":
    unittest.main()
