"""api.gen.cc and operations.gen.cc: the tables that the interpreters read."""

from . import patterns
from .headers import banner, input_type, output_type
from .model import PROTOCOLS, RPC_V2_CBOR, ModelError
from .names import identifier, quote, snake_case

KINDS = {
    "string": "kString", "character": "kString", "blob": "kBlob", "boolean": "kBoolean",
    "integer": "kInteger", "long": "kLong", "float": "kDouble", "double": "kDouble",
    "timestamp": "kTimestamp", "list": "kList", "map": "kMap", "structure": "kStructure",
}
LOCATIONS = {None: "kBody", "uri": "kUri", "querystring": "kQueryString", "header": "kHeader",
             "headers": "kHeaderPrefix", "statusCode": "kStatusCode"}
TIMESTAMPS = {None: "kDefault", "unixTimestamp": "kUnixSeconds", "iso8601": "kIso8601",
              "rfc822": "kRfc822"}
ERROR_STYLE = ("type_prefix", "validation_prefix", "common_prefix", "validation_code")


def qualified(service, cpp_type):
    """The C++ type as generated code outside namespace api names it."""
    for shape in service.structures():
        cpp_type = cpp_type.replace(f"<{shape}>", f"<api::{shape}>")
        cpp_type = cpp_type.replace(f" {shape}>", f" api::{shape}>")
        if cpp_type == shape:
            cpp_type = f"api::{shape}"
    return cpp_type


class Tables:
    """Collects one service's tables and writes them."""

    def __init__(self, service):
        self.service = service
        self.order = service.reachable()
        self.index = {shape: number for number, shape in enumerate(self.order)}
        self.patterns = {}
        self.constrained = self._constrained_inside()

    def _own_constraint(self, shape):
        traits = self.service.shapes[shape]
        return any(key in traits for key in ("min", "max", "pattern", "enum"))

    def _constrained_inside(self):
        """The shapes with a constraint or a required member anywhere inside."""
        found = {shape for shape in self.order if self._own_constraint(shape)
                 or (not self.service.override(shape)
                     and self.service.shapes[shape].get("required"))}
        while True:
            more = {shape for shape in self.order if shape not in found and any(
                child in found for child, _ in self.service.children(shape))}
            if not more:
                return found
            found |= more

    def type(self, shape):
        return f"&kTypes[{self.index[shape]}]"

    def pattern(self, text):
        compiled = patterns.compile_pattern(text)
        if compiled is None:
            return None
        return self.patterns.setdefault(text, (f"kPattern{len(self.patterns)}", compiled))[0]

    def constraints(self, shape):
        traits = self.service.shapes[shape]
        fields = []
        for key in ("min", "max"):
            if key in traits:
                if traits[key] != int(traits[key]):
                    raise ModelError(f"{shape}: the bound {traits[key]} isn't an integer")
                fields.append(f".{key} = {int(traits[key])}")
        before = []
        if "pattern" in traits and self.pattern(traits["pattern"]):
            fields.append(f".pattern = &{self.pattern(traits['pattern'])}")
        if "enum" in traits:
            values = ", ".join(quote(value) for value in traits["enum"])
            before.append(f"constexpr std::string_view kEnum{shape}[] = {{{values}}};")
            fields.append(f".enumeration = kEnum{shape}")
        if not fields:
            return []
        return before + [f"constexpr Constraints kConstraints{shape} = {{{', '.join(fields)}}};"]

    def member(self, shape, name, member):
        service = self.service
        traits = service.shapes[shape]
        required = name in traits.get("required", [])
        kind = qualified(service, service.cpp_type(member["shape"]))
        optional = "nullptr" if required else f"&kOptionalOps<{kind}>"
        wire = member.get("locationName", name)
        flattened = member.get("flattened") or service.shapes[member["shape"]].get("flattened")
        extra = [str(required).lower(), str(bool(flattened)).lower(),
                 f"Location::{LOCATIONS[member.get('location')]}",
                 f"TimestampFormat::{TIMESTAMPS[member.get('timestampFormat')]}"]
        return (f"    {{{quote(name)}, {quote(wire)}, {self.type(member['shape'])}, {optional}, "
                f"offsetof(api::{shape}, {identifier(name)}), {', '.join(extra)}}},")

    def members(self, shape):
        traits = self.service.shapes[shape]
        if not traits["members"]:
            return []
        rows = [self.member(shape, name, member) for name, member in traits["members"].items()]
        body = sorted((member.get("locationName", name), number)
                      for number, (name, member) in enumerate(traits["members"].items())
                      if not member.get("location"))
        numbers = ", ".join(str(number) for _, number in body)
        out = [f"constexpr Member kMembers{shape}[] = {{", *rows, "};"]
        if body:
            out.append(f"constexpr uint16_t kByName{shape}[] = {{{numbers}}};")
        return out

    def type_row(self, shape):
        service, traits = self.service, self.service.shapes[shape]
        kind = qualified(service, service.cpp_type(shape))
        override = service.override(shape)
        category = "custom" if override else traits["type"]
        row = [f".kind = Kind::{'kCustom' if override else KINDS[traits['type']]}",
               f".name = {quote(shape)}"]
        if category in ("list", "map", "structure", "custom"):
            row.append(f".reset = &reset<{kind}>")
        if self.constraints(shape) and not override:
            row.append(f".constraints = &kConstraints{shape}")
        if shape in self.constrained:
            row.append(".check_inside = true")
        if traits.get("flattened"):
            row.append(".flattened = true")
        if traits.get("timestampFormat"):
            row.append(f".timestamp = TimestampFormat::{TIMESTAMPS[traits['timestampFormat']]}")
        row += getattr(self, f"{category}_row", lambda *_: [])(shape, traits)
        return f"    {{{', '.join(row)}}},"

    def list_row(self, _, traits):
        member = traits["member"]
        element = qualified(self.service, self.service.cpp_type(member["shape"]))
        if element == "bool":
            raise ModelError(f"{self.service.name}: a list of booleans isn't built yet")
        return [f".element_name = {quote(member.get('locationName', 'member'))}",
                f".element = {self.type(member['shape'])}", f".list = &kListOps<{element}>"]

    def map_row(self, _, traits):
        value = qualified(self.service, self.service.cpp_type(traits["value"]["shape"]))
        return [f".element_name = {quote(traits['value'].get('locationName', 'value'))}",
                f".key_name = {quote(traits['key'].get('locationName', 'key'))}",
                f".element = {self.type(traits['value']['shape'])}",
                f".key = {self.type(traits['key']['shape'])}", f".map = &kMapOps<{value}>"]

    def structure_row(self, shape, traits):
        if not traits["members"]:
            return []
        row = [f".members = kMembers{shape}"]
        if any(not member.get("location") for member in traits["members"].values()):
            row.append(f".by_name = kByName{shape}")
        if traits.get("payload"):
            position = list(traits["members"]).index(traits["payload"])
            row.append(f".payload = &kMembers{shape}[{position}]")
        return row

    def custom_row(self, shape, _):
        return [f".custom = &kCustomOps{shape}"]

    def custom_ops(self, shape):
        kind = self.service.override(shape)["type"]
        return [f"constexpr CustomOps kCustomOps{shape} = {{",
                "    [](void* json, void* value) -> aws::Result<> {",
                "      return read_json(*static_cast<simdjson::ondemand::value*>(json),",
                f"                       static_cast<{kind}*>(value));", "    },",
                "    [](const void* value, std::string* out) {",
                f"      write_json(*static_cast<const {kind}*>(value), out);", "    },",
                "    [](aws::CborDecoder& decoder, const aws::CborHead& head, void* value) {",
                f"      return read_cbor(decoder, head, static_cast<{kind}*>(value));", "    },",
                "    [](const void* value, std::string* out) {",
                f"      write_cbor(*static_cast<const {kind}*>(value), out);", "    }};"]

    def write(self):
        rows, constraints, members, custom = [], [], [], []
        for shape in self.order:
            rows.append(self.type_row(shape))
            if self.service.override(shape):
                custom += self.custom_ops(shape)
            else:
                constraints += self.constraints(shape)
                if self.service.shapes[shape]["type"] == "structure":
                    members += self.members(shape)
        out = []
        for name, compiled in self.patterns.values():
            out += patterns.tables(name, compiled)
        return out + constraints + custom + members, rows


def api_source(service):
    tables = Tables(service)
    before, rows = tables.write()
    codecs = {codec for shape in tables.order if (override := service.override(shape))
              for codec in override["codec_includes"]}
    out = [banner(service), f'#include "services/{service.folder}/api.gen.h"\n',
           "#include <cstddef>", "#include <string_view>", "#include <utility>\n",
           '#include "aws/model/descriptor.h"']
    if codecs:
        out.append("#include <simdjson.h>\n")
    out += [f'#include "{codec}"' for codec in sorted(codecs)]
    out += ["\n// The structures hold std::string and std::optional; the compilers that we build with "
            "lay them\n// out as offsetof wants.", '#pragma GCC diagnostic ignored "-Winvalid-offsetof"']
    out.append(f"\nnamespace {service.namespace} {{\n")
    if rows:
        out += ["namespace descriptors {\n", "using namespace aws::model;",
                f"extern const Type kTypes[{len(rows)}];\n",
                "namespace {\n", *before, "\n}  // namespace\n",
                f"constinit const Type kTypes[{len(rows)}] = {{", *rows, "};\n",
                "}  // namespace descriptors\n"]
    out.append("namespace errors {\n")
    for shape in service.exceptions():
        out += [f"aws::Error {snake_case(shape)}(std::string message) {{",
                f"  return {{{quote(service.exception_code(shape))}, "
                f"{service.exception_status(shape)}, std::move(message)}};", "}"]
    out.append(f"\n}}  // namespace errors\n}}  // namespace {service.namespace}\n")
    return "\n".join(out)


def operation_row(service, operation, index):
    traits = service.operations[operation]
    http = traits["http"]
    function = service.function(operation)

    def type_of(shape):
        return f"&kTypes[{index[shape]}]" if shape else "nullptr"

    invoke, raw, types = "nullptr", "nullptr", ["nullptr", "nullptr"]
    events = f"&kEvents{operation}" if operation in service.events else "nullptr"
    if operation in service.implemented:
        types = [type_of(service.input(operation)), type_of(service.output(operation))]
    if operation in service.implemented and operation not in service.events:
        invoke = (f"&invoke<Service, {input_type(service, operation)}, "
                  f"{output_type(service, operation)}, &ops::{function}>")
    if operation in service.raw:
        raw = f"&invoke_raw<Service, &ops::{function}_raw>"
    wrapper = traits.get("output", {}).get("resultWrapper", "")
    code, status = service.overload_error(operation)
    fields = [quote(operation), quote(service.iam_action(operation)), quote(http["method"]),
              quote(http["requestUri"]), str(http.get("responseCode", 200)), *types,
              quote(wrapper), invoke, raw, quote(code), str(status), events]
    return f"    {{{', '.join(fields)}}},"


def event_stream_row(service, operation, index):
    shape, exceptions = service.events[operation]
    codes = ", ".join(quote(code) for code in exceptions)
    types = ", ".join([input_type(service, operation), output_type(service, operation),
                       f"api::{shape}", f"&ops::{service.function(operation)}"])
    out = []
    if codes:
        out.append(f"constexpr std::string_view kExceptions{operation}[] = {{{codes}}};")
    out.append(f"constinit const aws::EventStreamRow kEvents{operation} = {{"
               f"&aws::model::invoke_stream<Service, {types}>, &kTypes[{index[shape]}], "
               f"{f'kExceptions{operation}' if codes else '{}'}}};")
    return out


def service_model(service):
    metadata = service.metadata
    style = service.overrides.get("errors", {})
    validation = service.overrides.get("validation", {})
    headers = service.overrides.get("headers", [])
    default_code = "ValidationError" if service.protocol == "query" else "ValidationException"
    errors = [quote(style.get(key, default_code if key == "validation_code" else ""))
              for key in ERROR_STYLE]
    errors.append(str(style.get("java_type_names", False)).lower())
    return [
        "constinit const aws::ServiceModel kModel = {",
        f"    .name = {quote(service.name)},",
        f"    .signing_name = {quote(service.signing_name)},",
        f"    .title = {quote(metadata['serviceFullName'])},",
        f"    .protocol = aws::Protocol::{PROTOCOLS[service.protocol]},",
        f"    .json_version = {quote(metadata.get('jsonVersion', ''))},",
        f"    .target_prefix = {quote(metadata.get('targetPrefix', ''))},",
        f"    .api_version = {quote(metadata['apiVersion'])},",
        f"    .xml_namespace = {quote(metadata.get('xmlNamespace', ''))},",
        f"    .errors = {{{', '.join(errors)}}},",
        f"    .validation = {{{str(validation.get('lower_camel_paths', True)).lower()}, "
        f"{str(validation.get('show_value', True)).lower()}}},",
        f"    .crc32_header = {str('x-amz-crc32' in headers).lower()},",
        f"    .extended_request_id = {str('x-amz-id-2' in headers).lower()},",
        f"    .rpc_v2_cbor = {str(RPC_V2_CBOR in metadata.get('protocols', [])).lower()},",
        "    .operations = kOperations,", "};\n"]


def operations_source(service):
    index = {shape: number for number, shape in enumerate(service.reachable())}
    out = [banner(service), f'#include "services/{service.folder}/operations.gen.h"\n',
           '#include "aws/model/descriptor.h"', '#include "aws/model/thunk.h"',
           f'#include "services/{service.folder}/service.h"',
           f"\nnamespace {service.namespace} {{\n"]
    if index:
        out += ["namespace descriptors {", f"extern const aws::model::Type kTypes[{len(index)}];",
                "}  // namespace descriptors\n"]
    out += ["namespace {\n", "using aws::model::invoke;", "using aws::model::invoke_raw;"]
    if index:
        out.append("using descriptors::kTypes;")
    out.append("")
    for operation in service.events:
        out += event_stream_row(service, operation, index)
    out.append("constinit const aws::OperationRow kOperations[] = {")
    out += [operation_row(service, operation, index) for operation in sorted(service.operations)]
    out += ["};\n", *service_model(service), "}  // namespace\n",
            "aws::ServiceTable operation_table(Service& service) { return {&kModel, &service}; }\n",
            f"}}  // namespace {service.namespace}\n"]
    return "\n".join(out)
