"""What a profile is, and which growth is told of."""

import contextlib
import io
import pathlib
import tempfile
import unittest
from unittest import mock

import budget
import instructions
from callgrind import Cost, Profile, read_profile, short_name

DUMP = """\
version: 1
positions: line
events: Ir

ob=(1) /opt/server
fl=(1) a.cc
fn=(1) ns::outer(int)
16 400
cfn=(2) ns::inner<std::pair<int, int> >(char)
calls=3 20
+2 600
cob=(2) /lib/libc.so.6
cfn=(3) 0x000000000000ab00'2
calls=1 0
* 50
-3 5

fn=(2)
20 600

fn=(1)
cfn=(1)
calls=1 16
17 900

ob=(2)
fn=(3)
0 50
"""


def profile(**costs):
    return Profile(sum(own for own, _ in costs.values()),
                   {name: Cost(*cost) for name, cost in costs.items()})


class AProfile(unittest.TestCase):
    def test_has_own_and_total_costs_of_functions(self):
        found = read_profile(io.StringIO(DUMP))
        self.assertEqual(found.instructions, 1055)
        self.assertEqual(found.functions, {
            "ns::outer": Cost(405, 1055), "ns::inner<>": Cost(600, 600),
            "libc.so.6 0xab00": Cost(50, 50)})

    def test_names_are_short(self):
        for name, short in {
                "millstream::(anonymous namespace)::f(std::vector<int>)": "f",
                "a::B<a::C<int>, 1>::g[abi:cxx11](x) const": "a::B<>::g[abi:cxx11]",
                "a::h(a::h(int)::_Frame*) [clone .actor]": "a::h (coroutine)",
                "a::T::operator()(int) const'2": "a::T::operator{}",
                "a::operator<(a::T<int> const&)": "a::operator<"}.items():
            self.assertEqual(short_name(name), short)


class ABudget(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = mock.patch.object(budget, "PATH", pathlib.Path(folder.name) / "budget.json")
        path.start()
        self.addCleanup(path.stop)
        budget.save({"Get": profile(run=(10, 1000), copy=(500, 500), parse=(490, 700))})

    def judge(self, now):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            return instructions.judge({"Get": now}), out.getvalue()

    def test_allows_what_it_says_and_three_percent(self):
        above, _ = self.judge(profile(run=(10, 1029), copy=(529, 529), parse=(490, 700)))
        self.assertEqual(above, [])

    def test_names_what_grew_in_itself_and_by_its_callees(self):
        above, text = self.judge(
            profile(run=(10, 1300), copy=(500, 500), parse=(490, 1000), hash_twice=(300, 300)))
        self.assertEqual(above, ["Get"])
        own, _, total = text.partition("with what they call")
        self.assertRegex(own, r"\+\d+  hash_twice\n")
        self.assertNotIn("copy", text)
        self.assertRegex(total, r"(?s)hash_twice.*\+300  parse\n.*\+300  run")

    def test_asks_to_be_lowered_when_less_is_used(self):
        above, text = self.judge(profile(run=(10, 900), copy=(400, 400), parse=(490, 700)))
        self.assertEqual(above, [])
        self.assertIn("--update", text)


if __name__ == "__main__":
    unittest.main()
