"""One service's model together with what Millstream implements and overrides of it."""

import gzip
import json
import pathlib
import re

from .names import identifier, snake_case

SCALARS = {
    "string": "std::string",
    "blob": "std::string",
    "character": "std::string",
    "boolean": "bool",
    "integer": "int32_t",
    "long": "int64_t",
    "float": "double",
    "double": "double",
    "timestamp": "aws::Timestamp",
}
PROTOCOLS = {"json": "kJson", "query": "kQuery", "rest-json": "kRestJson"}
RPC_V2_CBOR = "smithy-rpc-v2-cbor"  # spoken beside JSON
OVERLOAD_SHAPES = ("ProvisionedThroughputExceededException", "ThrottlingException",
                   "TooManyRequestsException")
OVERRIDE_KEYS = {"shapes", "constraints", "iam_actions", "errors", "validation", "headers",
                 "optional"}


class ModelError(Exception):
    """What stops the generation, as one sentence for the builder."""


def package_version(botocore):
    """The version that botocore's package says it is."""
    text = (pathlib.Path(botocore) / "__init__.py").read_text(encoding="utf-8")
    return re.search(r"^__version__ = '([^']+)'", text, re.MULTILINE).group(1)


def load_document(botocore, service):
    """The newest API version's service-2.json, plain or compressed."""
    folder = pathlib.Path(botocore) / "data" / service
    if not folder.is_dir():
        raise ModelError(f"botocore has no service '{service}' in {folder}")
    version = max(path.name for path in folder.iterdir() if path.is_dir())
    for name, opener in (("service-2.json", open), ("service-2.json.gz", gzip.open)):
        path = folder / version / name
        if path.is_file():
            with opener(path, "rt", encoding="utf-8") as file:
                return json.load(file)
    raise ModelError(f"no service-2.json in {folder / version}")


class Service:
    """The model of `name`. `implemented` are the names of its ops/*.cc, without the ending."""

    def __init__(self, name, document, implemented=(), raw=(), overrides=None, folder=None):
        self.name = name
        self.folder = folder or name
        self.metadata = document["metadata"]
        self.shapes = document["shapes"]
        self.operations = document["operations"]
        self.overrides = overrides or {}
        unknown = set(self.overrides) - OVERRIDE_KEYS
        if unknown:
            raise ModelError(f"{name}/api_overrides.json: unknown key {sorted(unknown)[0]}")
        if self.protocol not in PROTOCOLS:
            raise ModelError(f"{name}: protocol {self.protocol} isn't built yet")
        self._apply_constraints()
        self._apply_optional()
        by_file = {snake_case(operation): operation for operation in self.operations}
        for file in list(implemented) + list(raw):
            if file not in by_file:
                raise ModelError(f"{name}/ops/{file}.cc: the model has no such operation")
        self.implemented = sorted(by_file[file] for file in implemented)
        self.raw = sorted(by_file[file] for file in raw)
        taken = {operation: self._take_event_stream(operation) for operation in self.implemented}
        self.events = {operation: events for operation, events in taken.items() if events}

    @property
    def protocol(self):
        """The service's own; of one that speaks RPC v2 CBOR that which it speaks beside it."""
        own = self.metadata["protocol"]
        beside = [each for each in self.metadata.get("protocols", []) if each in PROTOCOLS]
        return beside[0] if own == RPC_V2_CBOR and beside else own

    @property
    def namespace(self):
        return f"millstream::{self.folder}"

    @property
    def signing_name(self):
        return self.metadata.get("signingName", self.metadata["endpointPrefix"])

    def _apply_optional(self):
        """Members that the service leaves out although its model says that they are there."""
        for shape, members in self.overrides.get("optional", {}).items():
            required = self.shapes[shape]["required"]
            self.shapes[shape]["required"] = [name for name in required if name not in members]

    def _apply_constraints(self):
        for shape, constraints in self.overrides.get("constraints", {}).items():
            if shape not in self.shapes:
                raise ModelError(f"{self.name}/api_overrides.json: no shape {shape}")
            for trait, value in constraints.items():
                if value is None:
                    self.shapes[shape].pop(trait, None)
                else:
                    self.shapes[shape][trait] = value

    def _take_event_stream(self, operation):
        """Takes the event stream out of the operation's output, and the exceptions out of its kinds of
        events: (the events' shape, the exceptions' codes), or None if there is none."""
        if self._event_stream_members(self.input(operation)):
            raise ModelError(f"{self.name}: {operation} takes an event stream, which the generated code "
                             "doesn't carry yet")
        output = self.shapes.get(self.output(operation), {})
        for name in self._event_stream_members(self.output(operation)):
            if self.protocol != "json":
                raise ModelError(f"{self.name}: {operation} answers with an event stream, which is built "
                                 "for JSON services only")
            shape = output["members"].pop(name)["shape"]
            output["required"] = [each for each in output.get("required", []) if each != name]
            kinds = self.shapes[shape]["members"]
            raised = [kind for kind, member in kinds.items()
                      if self.shapes[member["shape"]].get("exception")]
            codes = [self.exception_code(kinds.pop(kind)["shape"]) for kind in raised]
            self._check_events(operation, kinds)
            return shape, codes
        return None

    def _event_stream_members(self, shape):
        members = self.shapes[shape].get("members", {}) if shape else {}
        return [name for name, member in members.items()
                if self.shapes[member["shape"]].get("eventstream")]

    def _check_events(self, operation, kinds):
        for kind in kinds.values():
            for member in self.shapes[kind["shape"]]["members"].values():
                if member.get("eventheader") or member.get("eventpayload"):
                    raise ModelError(f"{self.name}: {operation} has events with parts outside of their "
                                     "JSON, which the generated code doesn't carry yet")

    def input(self, operation):
        return self.operations[operation].get("input", {}).get("shape")

    def output(self, operation):
        return self.operations[operation].get("output", {}).get("shape")

    def override(self, shape):
        return self.overrides.get("shapes", {}).get(shape)

    def exceptions(self):
        return sorted(name for name, shape in self.shapes.items() if shape.get("exception"))

    def exception_code(self, shape):
        return self.shapes[shape].get("error", {}).get("code", shape)

    def exception_status(self, shape):
        traits = self.shapes[shape]
        status = traits.get("error", {}).get("httpStatusCode")
        return status or (500 if traits.get("fault") else 400)

    def overload_error(self, operation):
        """Code and status of what the operation answers when the server has no room for it: the first
        of these that its model lists, else the service's own choice or what all services have."""
        listed = [error["shape"] for error in self.operations[operation].get("errors", [])]
        for shape in OVERLOAD_SHAPES:
            if shape in listed:
                return self.exception_code(shape), self.exception_status(shape)
        if code := self.overrides.get("errors", {}).get("overload"):
            return code, 400
        return ("ServiceUnavailable", 503) if self.protocol == "query" else ("ThrottlingException", 400)

    def iam_action(self, operation):
        actions = self.overrides.get("iam_actions", {})
        return actions.get(operation, f"{self.signing_name}:{operation}")

    def cpp_type(self, shape):
        override = self.override(shape)
        if override:
            return override["type"]
        traits = self.shapes[shape]
        kind = traits["type"]
        if kind == "list":
            return f"std::vector<{self.cpp_type(traits['member']['shape'])}>"
        if kind == "map":
            return f"std::map<std::string, {self.cpp_type(traits['value']['shape'])}>"
        if kind == "structure":
            return shape
        if kind not in SCALARS:
            raise ModelError(f"{self.name}: shape {shape} is of the unknown type {kind}")
        return SCALARS[kind]

    def children(self, shape):
        """(child shape, whether it stands inside a list or map) for each part of a shape."""
        if self.override(shape):
            return []
        traits = self.shapes[shape]
        if traits["type"] == "list":
            return [(traits["member"]["shape"], True)]
        if traits["type"] == "map":
            return [(traits["key"]["shape"], True), (traits["value"]["shape"], True)]
        if traits["type"] == "structure":
            return [(member["shape"], False) for member in traits["members"].values()]
        return []

    def reachable(self):
        """Every shape that implemented operations reach, each after what it is made of (as far as
        recursion allows)."""
        order, seen = [], set()

        def visit(shape):
            if shape in seen:
                return
            seen.add(shape)
            for child, _ in self.children(shape):
                visit(child)
            order.append(shape)

        for operation in self.implemented:
            for root in (self.input(operation), self.output(operation),
                         self.events.get(operation, (None,))[0]):
                if root:
                    visit(root)
        return order

    def structures(self):
        return [shape for shape in self.reachable()
                if self.shapes[shape]["type"] == "structure" and not self.override(shape)]

    def check_recursion(self):
        """A structure may contain itself through a list or map only."""
        done = set()

        def visit(shape, path):
            if shape in path:
                raise ModelError(f"{self.name}: {shape} contains itself without a list or map "
                                 "between; give it a type in api_overrides.json")
            if shape in done:
                return
            for child, inside_container in self.children(shape):
                if not inside_container and self.shapes[child]["type"] == "structure":
                    visit(child, path | {shape})
            done.add(shape)

        for shape in self.structures():
            visit(shape, frozenset())

    def function(self, operation):
        return identifier(operation)
