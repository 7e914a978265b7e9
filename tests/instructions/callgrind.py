"""A server under valgrind's callgrind: what it executes is counted by function while it is asked to.

What a processor can do differs between machines, and libraries choose their routines by it. So the
choice is pinned to what every x86-64-v2 processor can do: see PINNED. Valgrind itself hides SHA
extensions and AVX-512.
"""

import collections
import re
import subprocess

PINNED = {
    # OpenSSL: without AVX, RDRAND, MOVBE, FMA, and all that came later (AVX2, BMI, ADX, SHA).
    "OPENSSL_ia32cap": "~0x5040100000000000:0",
    # The C library's string routines, and the sizes from which it copies another way.
    "GLIBC_TUNABLES": ":".join([
        "glibc.cpu.hwcaps=-AVX,-AVX2,-AVX_Fast_Unaligned_Load,-ERMS,-FSRM,-BMI1,-BMI2,-LZCNT,-MOVBE,"
        "-RTM,-Prefer_No_VZEROUPPER",
        "glibc.cpu.x86_data_cache_size=32768", "glibc.cpu.x86_shared_cache_size=1048576",
        "glibc.cpu.x86_non_temporal_threshold=786432", "glibc.cpu.x86_rep_movsb_threshold=2048"]),
    "SIMDJSON_FORCE_IMPLEMENTATION": "westmere",
}
CONTROL_SECONDS_MAX = 60
NAME_LENGTH_MAX = 110

# Costs of one function, in instructions: its own, and with what it called.
Cost = collections.namedtuple("Cost", "own total")
# What was executed between two looks at a server.
Profile = collections.namedtuple("Profile", "instructions functions")


class Callgrind:
    """Counts in a server that `server.start(*command)` started."""

    def __init__(self, folder):
        self.folder = folder
        self.dumps = 0
        self.out = folder / "callgrind.out"
        self.command = ["valgrind", "--tool=callgrind", "--instr-atstart=no",
                        f"--callgrind-out-file={self.out}", f"--vgdb-prefix={folder}/vgdb"]
        self.pid = None

    def begin(self, pid):
        self.pid = pid
        self._tell("instrumentation on")

    def reset(self):
        """Forgets what was counted."""
        self._tell("zero")

    def take(self):
        """The profile since the last reset; begins anew."""
        self._tell("dump")
        self.dumps += 1
        path = self.out.with_name(f"{self.out.name}.{self.dumps}")
        with open(path, encoding="utf-8", errors="replace") as lines:
            profile = read_profile(lines)
        path.unlink()
        return profile

    def _tell(self, words):
        subprocess.run(["vgdb", f"--vgdb-prefix={self.folder}/vgdb", f"--pid={self.pid}", words],
                       check=True, capture_output=True, timeout=CONTROL_SECONDS_MAX)


def short_name(name):
    """Without parameters and template arguments, which fill screens: a<int>::b(c) is a<>::b."""
    name = name.replace("(anonymous namespace)", "{}").replace("operator()", "operator{}")
    is_coroutine = ".actor" in name or "_Frame*" in name
    name = re.sub(r"'\d+$", "", name)
    out, angles = [], 0
    for i, letter in enumerate(name):
        is_arrow = letter in "<>" and ("operator" in name[max(0, i - 10):i] or name[i - 1] == "-")
        if letter == "<" and not is_arrow:
            if angles == 0:
                out.append("<>")
            angles += 1
        elif letter == ">" and not is_arrow:
            angles -= 1
        elif angles == 0:
            if letter == "(":
                break
            out.append(letter)
    text = "".join(out).replace("millstream::", "").replace("{}::", "").strip()
    return (text + (" (coroutine)" if is_coroutine else ""))[:NAME_LENGTH_MAX]


class NameTable:
    """Names as a dump abbreviates them: "(3) name" first, then "(3)"."""

    def __init__(self):
        self.names = {}

    def name(self, text):
        number, _, name = text.partition(" ")
        if name:
            self.names[number] = name
        return self.names[number]


def function_name(name, library):
    """A function without a symbol is named by where it stands in its library."""
    address = re.match("0x[0-9a-f]+", name)
    if address:
        return f"{library.rpartition('/')[2]} {int(address[0], 16):#x}"
    return short_name(name)


def read_profile(lines):
    """What a dump of callgrind tells (Valgrind's manual, "Callgrind Format Specification")."""
    functions, libraries = NameTable(), NameTable()
    own, called = collections.Counter(), collections.Counter()
    function = callee = None
    library = callee_library = ""
    call_follows = False
    for line in lines:
        key, equals, text = line.rstrip("\n").partition("=")
        if key == "ob" and equals:
            library = callee_library = libraries.name(text)
        elif key == "cob" and equals:
            callee_library = libraries.name(text)
        elif key == "fn" and equals:
            function = function_name(functions.name(text), library)
        elif key == "cfn" and equals:
            callee = function_name(functions.name(text), callee_library)
            callee_library = library
        elif key == "calls" and equals:
            call_follows = True
        elif key[:1] in set("0123456789+-*"):
            cost = int(key.split()[-1])
            if not call_follows:
                own[function] += cost
            elif callee != function:
                called[function] += cost
            call_follows = False
    names = own.keys() | called.keys()
    return Profile(sum(own.values()),
                   {name: Cost(own[name], own[name] + called[name]) for name in names})
