"""api.gen.h and operations.gen.h: what operations are written against."""

from .names import identifier, snake_case

INITIALIZERS = {"bool": " = false", "int32_t": " = 0", "int64_t": " = 0", "double": " = 0"}


def banner(service):
    return (f"// Made by tools/generate_api.py from the service model of {service.name} "
            f"{service.metadata['apiVersion']}.\n// Not for editing.\n")


def structure(service, shape):
    traits = service.shapes[shape]
    required = set(traits.get("required", []))
    lines = [f"struct {shape} {{"]
    for name, member in traits["members"].items():
        kind = service.cpp_type(member["shape"])
        if name in required:
            lines.append(f"  {kind} {identifier(name)}{INITIALIZERS.get(kind, '')};")
        else:
            lines.append(f"  std::optional<{kind}> {identifier(name)};")
    return "\n".join(lines + ["};"])


def api_header(service):
    includes = {'"aws/error.h"', '"aws/model/types.h"'}
    for shape in service.reachable():
        override = service.override(shape)
        if override:
            includes.add(f'"{override["include"]}"')
    structures = service.structures()
    service.check_recursion()
    out = ["#pragma once\n", banner(service)]
    out += [f"#include <{name}>" for name in
            ("cstdint", "map", "optional", "string", "vector")]
    out.append("")
    out += [f"#include {name}" for name in sorted(includes)]
    out.append(f"\nnamespace {service.namespace}::api {{\n")
    out += [f"struct {shape};" for shape in structures]
    out.append("")
    out += [structure(service, shape) + "\n" for shape in structures]
    out.append(f"}}  // namespace {service.namespace}::api\n")
    out.append(f"// The modelled exceptions, each with its code and HTTP status.\n"
               f"namespace {service.namespace}::errors {{\n")
    out += [f"aws::Error {snake_case(shape)}(std::string message);"
            for shape in service.exceptions()]
    out.append(f"\n}}  // namespace {service.namespace}::errors\n")
    return "\n".join(out)


def input_type(service, operation):
    shape = service.input(operation)
    return f"api::{shape}" if shape else "aws::Empty"


def output_type(service, operation):
    shape = service.output(operation)
    return f"api::{shape}" if shape else "aws::Empty"


def result_type(service, operation):
    output = output_type(service, operation)
    if operation not in service.events:
        return output
    return f"aws::EventStream<{output}, api::{service.events[operation][0]}>"


def operations_header(service):
    out = ["#pragma once\n", banner(service), "#include <optional>", "#include <string>",
           "#include <string_view>\n"]
    includes = ['"aws/error.h"', '"aws/request_context.h"', '"aws/service_table.h"', '"io/task.h"',
                f'"services/{service.folder}/api.gen.h"']
    if service.events:
        includes.append('"aws/event_stream/event_stream.h"')
    out += [f"#include {name}" for name in sorted(includes)]
    out.append(f"\nnamespace {service.namespace} {{\n\nclass Service;\n")
    out.append("// One function for each ops/<operation>.cc. The input is valid by the model; "
               "`service` and\n// `context` outlive the task, which starts and ends on "
               "context.home.\nnamespace ops {\n")
    for operation in service.implemented:
        out.append(f"io::Task<aws::Result<{result_type(service, operation)}>> "
                   f"{service.function(operation)}(\n    Service& service, "
                   f"const aws::RequestContext& context, {input_type(service, operation)} input);")
    for operation in service.raw:
        out.append(f"io::Task<aws::Result<std::optional<std::string>>> {service.function(operation)}_raw(\n"
                   "    Service& service, const aws::RequestContext& context, "
                   "std::string_view body);")
    out.append("\n}  // namespace ops\n")
    out.append("// What the dispatcher needs to serve these operations. `service` outlives it.\n"
               "aws::ServiceTable operation_table(Service& service);\n")
    out.append(f"}}  // namespace {service.namespace}\n")
    return "\n".join(out)
