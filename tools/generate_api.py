#!/usr/bin/env python3
"""Writes each service's API from AWS's own model of it.

  generate_api.py service NAME --botocore DIR --source DIR --output DIR
      Writes api.gen.{h,cc} and operations.gen.{h,cc} for the operations that have a file in
      SOURCE/ops (put_record.cc; put_record.raw.cc adds a hand-tuned entry).
  generate_api.py compatibility --botocore DIR --services DIR --output FILE [--check]
      Writes the table of operations, implemented or not; with --check says whether FILE is current.
"""

import argparse
import json
import pathlib
import sys

from api_generator import compatibility, descriptors, headers, model


def write_if_changed(path, text):
    """Keeps the time stamp of a file that stays as it is, so that nothing is rebuilt for it."""
    if not path.is_file() or path.read_text(encoding="utf-8") != text:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def load_service(name, source, document):
    operations = [path.name for path in sorted((source / "ops").glob("*.cc"))
                  if not path.name.endswith("_test.cc")]
    raw = [file.removesuffix(".raw.cc") for file in operations if file.endswith(".raw.cc")]
    implemented = [file.removesuffix(".cc") for file in operations if not file.endswith(".raw.cc")]
    overrides = source / "api_overrides.json"
    given = json.loads(overrides.read_text(encoding="utf-8")) if overrides.is_file() else {}
    return model.Service(name, document, implemented, raw, given)


def generate_service(arguments):
    if arguments.model:
        document = json.loads(arguments.model.read_text(encoding="utf-8"))
    else:
        document = model.load_document(arguments.botocore, arguments.name)
    service = load_service(arguments.name, arguments.source, document)
    write_if_changed(arguments.output / "api.gen.h", headers.api_header(service))
    write_if_changed(arguments.output / "operations.gen.h", headers.operations_header(service))
    write_if_changed(arguments.output / "api.gen.cc", descriptors.api_source(service))
    write_if_changed(arguments.output / "operations.gen.cc", descriptors.operations_source(service))
    return 0


def generate_compatibility(arguments):
    services = []
    for source in sorted({path.parent.parent for path in arguments.services.glob("*/ops/*.cc")}):
        document = model.load_document(arguments.botocore, source.name)
        services.append((load_service(source.name, source, document), source))
    text = compatibility.page(services, model.package_version(arguments.botocore))
    if arguments.check:
        if arguments.output.is_file() and arguments.output.read_text(encoding="utf-8") == text:
            return 0
        print(f"{arguments.output} isn't current: run\n  tools/generate_api.py compatibility "
              f"--botocore {arguments.botocore} --services {arguments.services} "
              f"--output {arguments.output}", file=sys.stderr)
        return 1
    write_if_changed(arguments.output, text)
    return 0


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    modes = parser.add_subparsers(required=True)
    service = modes.add_parser("service")
    service.add_argument("name")
    service.add_argument("--botocore", type=pathlib.Path)
    service.add_argument("--model", type=pathlib.Path, help="a model file instead of botocore's")
    service.add_argument("--source", type=pathlib.Path, required=True)
    service.add_argument("--output", type=pathlib.Path, required=True)
    service.set_defaults(run=generate_service)
    page = modes.add_parser("compatibility")
    page.add_argument("--botocore", type=pathlib.Path, required=True)
    page.add_argument("--services", type=pathlib.Path, required=True)
    page.add_argument("--output", type=pathlib.Path, required=True)
    page.add_argument("--check", action="store_true")
    page.set_defaults(run=generate_compatibility)
    return parser.parse_args()


def main():
    arguments = parse_arguments()
    try:
        return arguments.run(arguments)
    except model.ModelError as error:
        print(f"generate_api: {error}", file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
