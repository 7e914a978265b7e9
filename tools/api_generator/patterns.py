"""Compiles the models' regular expressions (Java's) to programs for aws/model/pattern.h."""

import re
import warnings

try:
    from re import _constants as constants, _parser as parser  # Python 3.11 and later
except ImportError:
    import sre_constants as constants
    import sre_parse as parser

from .names import quote

BEYOND_ASCII = (0x80, 0x10FFFF)
PROGRAM_MAX = 4096
CATEGORIES = {
    "CATEGORY_DIGIT": [(0x30, 0x39)],
    "CATEGORY_SPACE": [(0x09, 0x0D), (0x20, 0x20)],
    "CATEGORY_WORD": [(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)],
}
# Java's Unicode classes, as what stands inside [...] in Python. Beyond ASCII every code point is
# taken: the models use them for tags and descriptions, where no client can tell.
UNICODE_CLASSES = {"L": "A-Za-z\\x80-\\U0010ffff", "N": "0-9\\x80-\\U0010ffff",
                   "Z": " \\x80-\\U0010ffff", "Print": "\\x20-\\x7e"}


def to_python(text):
    """The pattern in Python's spelling."""
    def expand(found, inside):
        body = UNICODE_CLASSES[found]
        return body if inside else f"[{body}]"

    out, inside, position = [], False, 0
    while position < len(text):
        unicode_class = re.compile(r"\\p\{(\w+)\}").match(text, position)
        if unicode_class:
            out.append(expand(unicode_class.group(1), inside))
            position = unicode_class.end()
            continue
        if text[position] == "\\":
            out.append(text[position:position + 2])
            position += 2
            # Behind a class such as \\w a hyphen stands for itself.
            if inside and out[-1] in ("\\w", "\\d", "\\s") and text[position:position + 1] == "-":
                out.append("\\-")
                position += 1
            continue
        if text[position] == "[" and not inside:
            inside = True
        elif text[position] == "]" and inside:
            inside = False
        out.append(text[position])
        position += 1
    return "".join(out)


def complement(ranges):
    out, first = [], 0
    for low, high in sorted(ranges):
        if low > first:
            out.append((first, low - 1))
        first = max(first, high + 1)
    if first <= BEYOND_ASCII[1]:
        out.append((first, BEYOND_ASCII[1]))
    return out


class Unsupported(Exception):
    pass


class Compiler:
    def __init__(self):
        self.program = []
        self.classes = []

    def emit(self, op, a=0, b=0):
        if len(self.program) >= PROGRAM_MAX:
            raise Unsupported("too large")
        self.program.append([op, a, b])
        return len(self.program) - 1

    def class_number(self, ranges):
        ranges = tuple(sorted(ranges))
        if ranges not in self.classes:
            self.classes.append(ranges)
        return self.classes.index(ranges)

    def category(self, name):
        name = str(name)
        if "NOT_" in name:
            return complement(CATEGORIES[name.replace("NOT_", "")])
        return CATEGORIES[name]

    def ranges(self, op, value):
        """The code points that a one-character node takes; None for another node."""
        if op is constants.LITERAL:
            return [(value, value)]
        if op is constants.NOT_LITERAL:
            return complement([(value, value)])
        if op is constants.ANY:
            return complement([(0x0A, 0x0A), (0x0D, 0x0D), (0x85, 0x85), (0x2028, 0x2029)])
        if op is constants.CATEGORY:
            return self.category(value)
        if op is constants.IN:
            out = []
            negate = value[0][0] is constants.NEGATE
            for kind, what in value[1:] if negate else value:
                if kind is constants.RANGE:
                    out.append(tuple(what))
                else:
                    out += self.ranges(kind, what)
            return complement(out) if negate else out
        return None

    def sequence(self, nodes):
        for op, value in nodes:
            self.node(op, value)

    def node(self, op, value):
        ranges = self.ranges(op, value)
        if ranges is not None:
            self.emit("kClass", self.class_number(ranges))
        elif op is constants.SUBPATTERN:
            self.sequence(value[3])
        elif op is constants.BRANCH:
            self.branch(value[1])
        elif op in (constants.MAX_REPEAT, constants.MIN_REPEAT):
            self.repeat(*value)
        elif op is constants.AT:
            self.at(str(value))
        elif op in (constants.ASSERT, constants.ASSERT_NOT):
            self.assertion(value, op is constants.ASSERT_NOT)
        else:
            raise Unsupported(str(op))

    def branch(self, alternatives):
        jumps = []
        for alternative in alternatives[:-1]:
            split = self.emit("kSplit", len(self.program) + 1)
            self.sequence(alternative)
            jumps.append(self.emit("kJump"))
            self.program[split][2] = len(self.program)
        self.sequence(alternatives[-1])
        for jump in jumps:
            self.program[jump][1] = len(self.program)

    def repeat(self, low, high, nodes):
        for _ in range(low):
            self.sequence(nodes)
        if high is constants.MAXREPEAT:
            split = self.emit("kSplit", len(self.program) + 1)
            self.sequence(nodes)
            self.emit("kJump", split)
            self.program[split][2] = len(self.program)
            return
        splits = []
        for _ in range(high - low):
            splits.append(self.emit("kSplit", len(self.program) + 1))
            self.sequence(nodes)
        for split in splits:
            self.program[split][2] = len(self.program)

    def at(self, where):
        ops = {"AT_BEGINNING": ("kBegin",), "AT_BEGINNING_STRING": ("kBegin",),
               "AT_END": ("kEnd",), "AT_END_STRING": ("kEnd",),
               "AT_BOUNDARY": ("kBoundary", 0), "AT_NON_BOUNDARY": ("kBoundary", 1)}
        self.emit(*ops[where])

    def assertion(self, value, negated):
        direction, nodes = value
        if direction > 0:
            ahead = self.emit("kAhead", int(negated))
            self.sequence(nodes)
            self.emit("kMatch")
            self.program[ahead][2] = len(self.program)
            return
        ranges = self.ranges(*nodes[0]) if len(nodes) == 1 else None
        if ranges is None or not negated:
            raise Unsupported("lookbehind")
        self.emit("kNotBehind", self.class_number(ranges))


def compile_pattern(text):
    """(text, program, classes), or None for a pattern that Java itself couldn't mean."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            nodes = parser.parse(to_python(text), re.ASCII)
            compiler = Compiler()
            compiler.sequence(nodes)
            compiler.emit("kMatch")
        except (re.error, Unsupported, KeyError):
            return None
    return text, compiler.program, compiler.classes


def ascii_bits(ranges):
    bits = 0
    for low, high in ranges:
        for code in range(low, min(high, 0x7F) + 1):
            bits |= 1 << code
    return bits & (2**64 - 1), bits >> 64


def tables(name, compiled):
    """The C++ tables of one compiled pattern, under the constant's name."""
    text, program, classes = compiled
    out, rows = [], []
    for number, ranges in enumerate(classes):
        others = [(max(low, 0x80), high) for low, high in ranges if high >= 0x80]
        low, high = ascii_bits(ranges)
        span = "{}"
        if others:
            values = ", ".join(f"{{{first:#x}, {last:#x}}}" for first, last in others)
            out.append(f"constexpr CodePointRange {name}Others{number}[] = {{{values}}};")
            span = f"{name}Others{number}"
        rows.append(f"{{{{{low:#x}u, {high:#x}u}}, {span}}}")
    if rows:
        out.append(f"constexpr CharacterClass {name}Classes[] = {{{', '.join(rows)}}};")
    code = ", ".join(f"{{PatternOp::{op}, {a}, {b}}}" for op, a, b in program)
    out.append(f"constexpr PatternInstruction {name}Program[] = {{{code}}};")
    used = f"{name}Classes" if rows else "{}"
    out.append(f"constexpr Pattern {name} = {{{quote(text)}, {name}Program, {used}}};")
    return out
