"""Runs the house rules over the tree, and shows that each of them can fail."""

import pathlib
import subprocess
import unittest

import house_rules
from house_rules import Source

ROOT = pathlib.Path(__file__).resolve().parents[2]


def tracked_files():
    """What git holds, or every file outside git-ignored folders when there is no git."""
    listing = subprocess.run(["git", "-C", str(ROOT), "ls-files", "-z"], capture_output=True,
                             check=False)
    if listing.returncode == 0:
        return [ROOT / name for name in listing.stdout.decode().split("\0") if name]
    ignored = {"build", "data", ".venv", ".tools", ".git"}
    return [path for path in ROOT.rglob("*")
            if path.is_file() and not ignored & set(path.relative_to(ROOT).parts)]


def sources():
    for path in tracked_files():
        if path.suffix in house_rules.TEXT_ENDINGS and path.is_file():
            yield Source(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8"))


def breaches(path, text):
    return house_rules.check(Source(path, text))


class TheTree(unittest.TestCase):
    def test_keeps_every_rule(self):
        found = [breach for source in sources() for breach in house_rules.check(source)]
        self.assertFalse(found, "\n" + "\n".join(found))

    def test_long_files_are_still_long(self):
        for path, reason in house_rules.LONG_FILES.items():
            self.assertTrue(reason)
            lines = (ROOT / path).read_text(encoding="utf-8").count("\n")
            self.assertGreater(lines, house_rules.LINES_MAX, f"{path} needs no exception any more")


class EachRule(unittest.TestCase):
    def assert_broken(self, path, text, words):
        found = breaches(path, text)
        self.assertTrue(any(words in breach for breach in found), f"{text!r}: {found}")

    def assert_kept(self, path, text):
        self.assertEqual(breaches(path, text), [])

    def test_includes_point_downward(self):
        self.assert_broken("src/io/a.cc", '#include "lanes/lanes.h"\n', "may not include")
        self.assert_broken("src/journal/a.cc", '#include "store/store.h"\n', "may not include")
        self.assert_kept("src/lanes/a.cc", '#include "base/result.h"\n')

    def test_services_are_left_alone(self):
        self.assert_broken("src/services/kinesis/a.cc", '#include "services/dynamodb/service.h"\n',
                           "aws::Gateway")
        self.assert_kept("src/services/logs/a.cc", '#include "services/functions/log_sink.h"\n')

    def test_banned_calls(self):
        for line in ("int x = rand();", "std::system(command);", "auto t = time(nullptr);",
                     "::write(fd, data, size);", "std::regex pattern;", "throw Error();", "std::stoi(text);", "auto n = steady_clock::now();",
                     "const char* home = getenv(name);", "assert(x > 0);"):
            self.assert_broken("src/lanes/a.cc", line + "\n", "is banned")

    def test_dropped_results(self):
        self.assert_broken("src/lanes/a.cc", "int a;\n(void)store.put(key);\n", "dropped")
        self.assert_broken("src/lanes/a.cc", "// why\nstd::ignore = put(key);\n", "dropped")
        self.assert_kept("src/io/a.cc", "// Not fatal if refused.\n(void)setsockopt(fd);\n")

    def test_comments_and_strings_are_no_calls(self):
        self.assert_kept("src/lanes/a.cc", "// rand() is banned\n"
                                           "auto text = \"throw system(\";\n"
                                           "/* time(nullptr)\n */\n"
                                           "int separated = 1'000;\n"
                                           "file.write(bytes);\n"
                                           "(void)unused;\n")

    def test_files_are_short(self):
        self.assert_broken("src/lanes/a.cc", "int a;\n" * 401, "401 lines")

    def test_headers(self):
        self.assert_broken("src/base/a.h", "#include <string>\n", "#pragma once")
        self.assert_broken("src/base/a.h", "#pragma once\nusing namespace std;\n", "namespace")

    def test_names(self):
        self.assert_broken("src/base/string_utils/utils.h", "#pragma once\n", "name the file")

    def test_texts(self):
        self.assert_broken("docs/a.md", "TO" + "DO: later\n", "issue")
        self.assert_broken("docs/a.md", "space \n", "white space")
        self.assert_broken("docs/a.md", "see https://somewhere.test/page\n", "LINK_HOSTS")


if __name__ == "__main__":
    unittest.main()
