"""From the models' names to C++ names."""

import re

KEYWORDS = frozenset(
    """alignas alignof and asm auto bool break case catch char class compl concept const consteval
    constexpr constinit continue co_await co_return co_yield decltype default delete do double else
    enum explicit export extern false float for friend goto if inline int long mutable namespace new
    noexcept not nullptr operator or private protected public register requires return short signed
    sizeof static struct switch template this throw true try typedef typeid typename union unsigned
    using virtual void volatile while xor""".split()
)

# Words whose capitals don't follow the rule that a word begins with its only capital.
IRREGULAR = {"KiB": "Kib", "MiB": "Mib", "GiB": "Gib", "IPv6": "Ipv6", "IPv4": "Ipv4"}
PLURAL_ACRONYM = re.compile(r"(ARN|ID|VPC|VPN|URL|IP|OU|GSI|LSI|MFA|TTL)s(?=[A-Z]|$)")


def snake_case(name):
    """StreamARN -> stream_arn, SSEDescription -> sse_description, SizeInMiB -> size_in_mib."""
    for word, regular in IRREGULAR.items():
        name = name.replace(word, regular)
    name = PLURAL_ACRONYM.sub(lambda found: found.group(1).capitalize() + "s", name)
    name = re.sub(r"([A-Z]+)([A-Z][a-z])", r"\1_\2", name)
    name = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", name)
    return re.sub(r"[^A-Za-z0-9]+", "_", name).strip("_").lower()


def identifier(name):
    """A member's or function's C++ name."""
    name = snake_case(name)
    return name + "_" if name in KEYWORDS or not name or name[0].isdigit() else name


def quote(text):
    """A C++ string literal of the text's UTF-8 bytes."""
    out = []
    for byte in text.encode():
        if byte in (0x22, 0x5C):
            out.append("\\" + chr(byte))
        elif 0x20 <= byte < 0x7F:
            out.append(chr(byte))
        else:
            out.append("\\%03o" % byte)
    return '"' + "".join(out).replace("??", "?\\?") + '"'
