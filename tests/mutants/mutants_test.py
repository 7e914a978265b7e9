#!/usr/bin/env python3
"""The mutants still fit the tree: each applies, says what it is about and names tests that exist."""

import fnmatch
import pathlib
import re
import shlex
import tempfile
import unittest

import reliability_page
from mutant import Malformed, read_mutant, read_mutants
from tree_copy import DoesNotApply, TreeCopy, apply_patch, source_files
from trial import run_test

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEADER = "Fault: f\nLoses: l,\n  and more\nBuild: a b\nTest: t 1\nTest: t 2\n"
DIFF = "\n--- a/x.cc\n+++ b/x.cc\n@@ -1,2 +1,2 @@\n one\n-two\n+three\n"


def test_names():
    """Suite.Name of every C++ test in the tree."""
    found = set()
    for name in source_files(ROOT):
        if name.endswith("_test.cc"):
            text = (ROOT / name).read_text(encoding="utf-8")
            found |= {f"{suite}.{test}" for suite, test in
                      re.findall(r"^(?:TYPED_)?TEST(?:_[FP])?\((\w+), (\w+)\)", text, re.MULTILINE)}
    return found


def selected(command):
    """The patterns of tests that a command names."""
    for word in shlex.split(command):
        if word.startswith("--gtest_filter="):
            yield from word.partition("=")[2].split(":")


class TheMutants(unittest.TestCase):
    def test_apply_to_the_tree(self):
        for mutant in read_mutants():
            with self.subTest(mutant.name):
                apply_patch(ROOT, mutant.patch, check_only=True)

    def test_name_tests_that_exist(self):
        names = test_names()
        for mutant in read_mutants():
            for pattern in (pattern for test in mutant.tests for pattern in selected(test)):
                self.assertTrue(fnmatch.filter(names, pattern), f"{mutant.name}: {pattern}")

    def test_stand_in_the_documentation(self):
        on_page = reliability_page.table_on_page()
        mutants = read_mutants()
        for mutant in mutants:
            self.assertIn(reliability_page.beginning(mutant), on_page, "./test mutants --write-docs")
        self.assertEqual(on_page.count("\n"), len(mutants) + 2)


class ThePatches(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.root = pathlib.Path(self.folder.name) / "tree"
        self.root.mkdir()
        (self.root / "x.cc").write_text("one\ntwo\n", encoding="utf-8")

    def patch(self, text):
        path = pathlib.Path(self.folder.name) / "some.patch"
        path.write_text(text, encoding="utf-8")
        return path

    def test_have_their_fields(self):
        mutant = read_mutant(self.patch(HEADER + DIFF))
        self.assertEqual((mutant.name, mutant.fault, mutant.loses), ("some", "f", "l, and more"))
        self.assertEqual((mutant.targets, mutant.tests), (("a", "b"), ("t 1", "t 2")))
        self.assertEqual(mutant.files, ("x.cc",))
        self.assertEqual(read_mutant(self.patch(HEADER + "diff --git a/x.cc b/x.cc" + DIFF)).files,
                         ("x.cc",))

    def test_are_refused_without_one(self):
        for line in ("Fault: f\n", "Build: a b\n", "Test: t 1\nTest: t 2\n"):
            with self.assertRaisesRegex(Malformed, line.partition(":")[0]):
                read_mutant(self.patch(HEADER.replace(line, "") + DIFF))
        with self.assertRaisesRegex(Malformed, "changes no file"):
            read_mutant(self.patch(HEADER))

    def test_are_refused_where_they_do_not_fit(self):
        patch = self.patch(HEADER + DIFF)
        apply_patch(self.root, patch, check_only=True)
        (self.root / "x.cc").write_text("one\nanother\n", encoding="utf-8")
        with self.assertRaisesRegex(DoesNotApply, "x.cc"):
            apply_patch(self.root, patch)

    def test_are_taken_back(self):
        tree = TreeCopy(self.root, pathlib.Path(self.folder.name) / "copy")
        tree.update()
        restore = tree.mutate(read_mutant(self.patch(HEADER + DIFF)))
        self.assertEqual((tree.place / "x.cc").read_text(encoding="utf-8"), "one\nthree\n")
        restore()
        self.assertEqual((tree.place / "x.cc").read_text(encoding="utf-8"), "one\ntwo\n")
        self.assertEqual((self.root / "x.cc").read_text(encoding="utf-8"), "one\ntwo\n")

    def test_a_copy_follows_its_tree(self):
        tree = TreeCopy(self.root, pathlib.Path(self.folder.name) / "copy")
        tree.update()
        (self.root / "x.cc").unlink()
        (self.root / "y.cc").write_text("new\n", encoding="utf-8")
        tree.update()
        self.assertEqual(source_files(tree.place), {"y.cc"})


class ATrial(unittest.TestCase):
    def outcome(self, script):
        return run_test(f"/bin/sh -c {shlex.quote(script)}", ROOT)

    def test_tells_what_failed(self):
        self.assertTrue(self.outcome("true").passed)
        for output, found_by in (("[ RUN      ] A.B\n[  FAILED  ] A.B (1 ms)", "`A.B`"),
                                 ("[ RUN      ] A.B\nCHECK", "`A.B`, in which the program dies"),
                                 ("seed 7 fails: lost: a record", "sh: lost"),
                                 ("in the simulation of seed 3", "sh: a broken invariant stops it"),
                                 ("FAILED tests/a.py::test_b - x", "`tests/a.py::test_b`")):
            run = self.outcome(f"printf '{output}\\n'; exit 1")
            self.assertEqual((run.passed, run.found_by), (False, found_by))

    def test_is_nothing_without_a_test(self):
        self.assertFalse(run_test("build/of/nothing --all", ROOT).passed)
        self.assertFalse(self.outcome("echo '[==========] Running 0 tests from 0 suites'").passed)


if __name__ == "__main__":
    unittest.main()
