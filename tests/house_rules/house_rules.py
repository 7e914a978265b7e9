"""The rules that a compiler doesn't check. `house_rules_test.py` runs them over the tree.

Each rule is a function from a source file to the lines that break it. A rule that needs an exception
names it here, with the reason: the list of exceptions is the list of what to mend.
"""

import dataclasses
import pathlib
import re

LINES_MAX = 400

# Layers from below; each may include what it lists and whatever that may include.
LAYERS = {
    "base": [],
    "io": ["base"],
    "journal": ["io"],
    "store": ["io"],
    "lanes": ["journal", "store"],
    "http": ["io"],
    "aws": ["http", "lanes"],
    "services": ["aws"],
    "server": ["services"],
}

# Which service may include which; all else goes through aws::Gateway or a contract in a lower layer.
SERVICE_USES = {
    "lambda": {"functions", "triggers"},  # its API is theirs
    "logs": {"functions"},
    "sts": {"iam"},  # which roles there are
    "triggers": {"functions", "kinesis"},  # a trigger reads the shard's records where they lie
}

# path -> why it may be longer than LINES_MAX.
LONG_FILES = {}


@dataclasses.dataclass(frozen=True)
class Ban:
    pattern: str
    instead: str
    # Path prefixes where it is allowed, and why is plain from the place.
    allowed: tuple = ()


PROCESSES = ("src/io/", "src/services/functions/", "src/server/")
TESTS = ("bench/", "sim/simulator_main.cc")

BANS = [
    Ban(r"(?<![\w.>:])(std::)?system\s*\(", "io's process spawning"),
    Ban(r"(?<![\w.>:])popen\s*\(", "io's process spawning"),
    Ban(r"(?<![\w.>])(std::)?s?rand\s*\(", "millstream::Random"),
    Ban(r"std::random_device|std::mt19937", "millstream::Random", ("src/io/memory_disk.cc",)),
    Ban(r"(?<![\w.>])(std::)?time\s*\(\s*(nullptr|NULL|0)\s*\)", "millstream::Clock"),
    Ban(r"(system|steady|high_resolution)_clock::now", "millstream::Clock",
        ("src/base/clock.cc", "src/io/reactor", "bench/")),
    Ban(r"(?<![\w.>])::(write|pwrite|pwritev|writev|read|pread|fsync|fdatasync)\s*\(",
        "io::Disk, or io's sockets and processes", PROCESSES + TESTS),
    Ban(r"(?<![\w:.>])(write|pwrite|fsync|fdatasync)\s*\(\s*\w*fd", "io::Disk", PROCESSES + TESTS),
    Ban(r"std::(regex|wregex)\b", "a small hand-written scanner: std::regex recurses without bound"),
    Ban(r"std::[io]?fstream\b", "io::Disk", ("src/server/", "src/services/functions/", "bench/")),
    Ban(r"std::(cout|cerr)\b", "the server's log, or a result",
        ("src/server/", "bench/", "src/base/check.cc")),
    Ban(r"std::endl\b", r"'\n'"),
    Ban(r"(?<![\w:.>])(sprintf|strcpy|strcat|gets|strtok|alloca)\s*\(", "std::string or fmt"),
    Ban(r"(?<![\w:.>])(atoi|atol|atof|std::stoi|std::stol|std::stoul|std::stod)\s*\(",
        "std::from_chars: it says whether it failed"),
    Ban(r"(?<![\w.>])(secure_)?getenv\s*\(", "the configuration, from src/server", ("src/server/",)),
    Ban(r"(this_thread::sleep_|(?<![\w.>])(u|nano)?sleep\s*\()", "a timer of the executor",
        ("src/io/", "bench/", "src/services/functions/sandbox/")),
    Ban(r"(?<![\w])assert\s*\(", "CHECK: it also holds in a release build"),
    Ban(r"(?<![\w])throw\b(?!\s*\()", "Result: an expected failure is returned",
        ("src/services/cloudformation/template/yaml.cc",)),  # within yaml-cpp's own handlers
    Ban(r"\bgoto\b", "a function"),
    Ban(r"\bvolatile\b", "std::atomic"),
]

# Hosts that a link may lead to; a link to any other needs a line here.
LINK_HOSTS = {
    "127.0.0.1", "localhost", "docs.aws.amazon.com", "www.apache.org", "www.rfc-editor.org",
    "example.com", "amazonaws.com", "aws.amazon.com", "www.w3.org", "smithy.io",
    "en.wikipedia.org",  # in an error text of AWS's
    "host",
}

UNWANTED_TEXTS = {
    r"^(<{7}|>{7}|={7})( |$)": "a merge that wasn't finished",
    r"\b(TODO|FIXME|XXX|HACK)\b": "write an issue, or do it",
    r"/(work|home/\w+)/": "a path of one machine",
}

TEXT_ENDINGS = {".cc", ".h", ".py", ".sh", ".md", ".cmake", ".txt", ".json", ".yaml", ".toml", ".mjs"}
SOURCE_ENDINGS = {".cc", ".h"}


@dataclasses.dataclass(frozen=True)
class Source:
    path: str  # from the root, with forward slashes
    text: str

    @property
    def is_cpp(self):
        return pathlib.PurePosixPath(self.path).suffix in SOURCE_ENDINGS

    @property
    def is_test(self):
        return self.path.endswith("_test.cc") or "/testing/" in self.path


def blank(match):
    """As many lines as before, but nothing on them."""
    return "\n" * match.group(0).count("\n") or " "


def without_comments_and_strings(text):
    pattern = (r'R"(?P<tag>[^(\s]*)\(.*?\)(?P=tag)"'
               r'|"(?:\\.|[^"\\\n])*"'
               r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])+'"
               r"|//[^\n]*|/\*.*?\*/")
    return re.sub(pattern, blank, text, flags=re.DOTALL)


def reachable_layers(layer):
    found = {layer}
    for lower in LAYERS[layer]:
        found |= reachable_layers(lower)
    return found


def included_layer_is_below(source):
    """Includes point downward."""
    parts = source.path.split("/")
    if parts[0] != "src" or parts[1] not in LAYERS or not source.is_cpp:
        return
    allowed = reachable_layers(parts[1])
    for number, line in enumerate(source.text.split("\n"), 1):
        match = re.match(r'\s*#include "(\w+)/', line)
        if match and match.group(1) in LAYERS and match.group(1) not in allowed:
            yield number, f"src/{parts[1]} may not include from src/{match.group(1)}"


def service_is_left_alone(source):
    """A service doesn't reach into another."""
    parts = source.path.split("/")
    if parts[:2] != ["src", "services"] or len(parts) < 4 or not source.is_cpp:
        return
    allowed = SERVICE_USES.get(parts[2], set()) | {parts[2]}
    for number, line in enumerate(source.text.split("\n"), 1):
        match = re.match(r'\s*#include "services/(\w+)/', line)
        if match and match.group(1) not in allowed:
            yield number, (f"{parts[2]} may not include from {match.group(1)}: "
                           "call it through aws::Gateway")


def banned_call(source):
    if not source.is_cpp:
        return
    lines = without_comments_and_strings(source.text).split("\n")
    for number, line in enumerate(lines, 1):
        for ban in BANS:
            if source.path.startswith(ban.allowed) or source.is_test:
                continue
            match = re.search(ban.pattern, line)
            if match:
                yield number, f"'{match.group(0).strip()}' is banned; use {ban.instead}"


def no_result_is_dropped(source):
    """A C call's status may be cast away below a comment that says why; a Result never."""
    if not source.is_cpp or source.is_test:
        return
    raw = source.text.split("\n")
    for number, line in enumerate(without_comments_and_strings(source.text).split("\n"), 1):
        if not re.search(r"(\(void\)|static_cast<void>\s*\()\s*[\w.:>-]+\(|std::ignore\s*=", line):
            continue
        explained = number > 1 and raw[number - 2].lstrip().startswith("//")
        if not explained or "std::ignore" in line:
            yield number, "a status is dropped: look at it, or say in the line above why not"


def file_is_short(source):
    lines = source.text.count("\n")
    if source.is_cpp and lines > LINES_MAX and not source.is_test and source.path not in LONG_FILES:
        yield lines, f"{lines} lines; at most {LINES_MAX}: a file has one subject"


def header_is_guarded(source):
    if source.path.endswith(".h") and not source.text.startswith("#pragma once"):
        yield 1, "a header begins with #pragma once"


def header_opens_no_namespace(source):
    if not source.path.endswith(".h"):
        return
    for number, line in enumerate(without_comments_and_strings(source.text).split("\n"), 1):
        if re.match(r"\s*using namespace\b", line):
            yield number, "a header opens no namespace for its includers"


def file_is_named_for_its_subject(source):
    if re.search(r"(^|/)(utils?|helpers?|misc|common)(\.|/)", source.path):
        yield 1, "name the file for what it holds"


def text_is_clean(source):
    if source.path.startswith("tests/house_rules/"):
        return
    for number, line in enumerate(source.text.split("\n"), 1):
        if line.endswith((" ", "\t", "\r")):
            yield number, "white space at the line's end"
        for pattern, why in UNWANTED_TEXTS.items():
            if re.search(pattern, line):
                yield number, why


def link_leads_to_a_known_host(source):
    if source.path.startswith("tests/house_rules/") or source.path.endswith("package-lock.json"):
        return
    for number, line in enumerate(source.text.split("\n"), 1):
        for host in re.findall(r"https?://([A-Za-z0-9.-]*[A-Za-z0-9])", line):
            known = any(host == name or host.endswith("." + name) for name in LINK_HOSTS)
            if not known and "{" not in host:
                yield number, f"a link to {host}, which isn't in LINK_HOSTS"


RULES = [
    included_layer_is_below,
    service_is_left_alone,
    banned_call,
    no_result_is_dropped,
    file_is_short,
    header_is_guarded,
    header_opens_no_namespace,
    file_is_named_for_its_subject,
    text_is_clean,
    link_leads_to_a_known_host,
]


def check(source):
    """Every breach in one file, as a line for the reader."""
    return [f"{source.path}:{number}: {message}"
            for rule in RULES for number, message in rule(source)]
