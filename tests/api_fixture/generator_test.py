#!/usr/bin/env python3
"""The generator's own rules: names, what it refuses, and that its patterns mean what Java's mean."""

import json
import pathlib
import sys
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

from api_generator import descriptors, headers, model, names, patterns  # noqa: E402


def document():
    path = pathlib.Path(__file__).parent / "services/fixture_json/model.json"
    return json.loads(path.read_text(encoding="utf-8"))


class Names(unittest.TestCase):
    def test_keeps_runs_of_capitals_together(self):
        for name, expected in {"StreamARN": "stream_arn", "SSEDescription": "sse_description",
                               "MaxRecordSizeInKiB": "max_record_size_in_kib",
                               "ListMFADevices": "list_mfa_devices", "StreamARNs": "stream_arns",
                               "S3Bucket": "s3_bucket"}.items():
            self.assertEqual(names.snake_case(name), expected)

    def test_marks_words_that_are_taken(self):
        self.assertEqual(names.identifier("Default"), "default_")
        self.assertEqual(names.identifier("BOOL"), "bool_")

    def test_quotes_what_a_literal_cannot_hold(self):
        self.assertEqual(names.quote('a"\\\n\u00e9'), '"a\\"\\\\\\012\\303\\251"')


class Refusals(unittest.TestCase):
    def refused(self, document, implemented=("echo",), overrides=None):
        with self.assertRaises(model.ModelError) as caught:
            service = model.Service("made_up", document, implemented, (), overrides)
            headers.api_header(service)
            descriptors.api_source(service)
        return str(caught.exception)

    def test_an_operation_file_without_an_operation(self):
        self.assertIn("no such operation", self.refused(document(), ["ecko"]))

    def test_an_override_that_it_does_not_know(self):
        self.assertIn("unknown key shape", self.refused(document(), overrides={"shape": {}}))
        self.assertIn("no shape Nothing",
                      self.refused(document(), overrides={"constraints": {"Nothing": {}}}))

    def test_a_structure_inside_itself(self):
        recursive = document()
        recursive["shapes"]["Tree"]["members"]["Twin"] = {"shape": "Tree"}
        self.assertIn("contains itself", self.refused(recursive))

    def test_event_streams_that_it_cannot_carry(self):
        streaming = document()
        streaming["shapes"]["Tree"]["eventstream"] = True
        self.assertIn("takes an event stream", self.refused(streaming))
        rest = document()
        rest["metadata"] = {**rest["metadata"], "protocol": "rest-json", "protocols": ["rest-json"]}
        self.assertIn("for JSON services only", self.refused(rest, ["watch"]))
        for place in ("eventheader", "eventpayload"):
            outside = document()
            outside["shapes"]["Tick"]["members"]["Bytes"][place] = True
            self.assertIn("parts outside of their JSON", self.refused(outside, ["watch"]))

    def test_a_protocol_that_is_not_built(self):
        other = document()
        other["metadata"]["protocol"] = "rest-xml"
        self.assertIn("rest-xml", self.refused(other))


class OverloadErrors(unittest.TestCase):
    def error(self, listed=(), protocol="json", overrides=None):
        changed = document()
        changed["metadata"]["protocol"] = protocol
        (operation,) = [name for name in changed["operations"] if model.Service(
            "made_up", changed, ["echo"], (), None).function(name) == "echo"]
        for shape in listed:
            changed["shapes"][shape] = {"type": "structure", "members": {}, "exception": True,
                                        "error": {"httpStatusCode": 429}}
        changed["operations"][operation]["errors"] = [{"shape": shape} for shape in listed]
        service = model.Service("made_up", changed, ["echo"], (), overrides)
        return service.overload_error(operation)

    def test_the_model_s_own_comes_first(self):
        self.assertEqual(self.error(["OtherException", "TooManyRequestsException"]),
                         ("TooManyRequestsException", 429))
        self.assertEqual(self.error(["ThrottlingException", "ProvisionedThroughputExceededException"]),
                         ("ProvisionedThroughputExceededException", 429))

    def test_then_the_service_s_choice_then_what_all_services_have(self):
        chosen = {"errors": {"overload": "LimitExceededException"}}
        self.assertEqual(self.error(overrides=chosen), ("LimitExceededException", 400))
        self.assertEqual(self.error(), ("ThrottlingException", 400))
        self.assertEqual(self.error(protocol="query"), ("ServiceUnavailable", 503))


class Overrides(unittest.TestCase):
    def test_replaces_a_shape_and_lifts_a_constraint(self):
        service = model.Service("made_up", document(), ["echo"], (), {
            "shapes": {"Tree": {"type": "made::Tree", "include": "made/tree.h",
                                "codec_includes": ["made/tree_json.h"]}},
            "constraints": {"Name": {"pattern": None}}})
        header = headers.api_header(service)
        self.assertIn("std::optional<made::Tree> tree;", header)
        self.assertIn('#include "made/tree.h"', header)
        source = descriptors.api_source(service)
        self.assertIn("Kind::kCustom", source)
        self.assertNotIn("[a-zA-Z0-9_.-]+", source)

    def test_adds_a_raw_entry(self):
        service = model.Service("made_up", document(), ["echo"], ["echo"])
        self.assertIn("echo_raw(", headers.operations_header(service))
        self.assertIn("&invoke_raw<Service, &ops::echo_raw>",
                      descriptors.operations_source(service))


class Patterns(unittest.TestCase):
    def test_leaves_out_what_no_engine_can_mean(self):
        self.assertIsNone(patterns.compile_pattern("[z-a]"))
        self.assertIsNone(patterns.compile_pattern("(a)\\1"))

    def test_takes_a_hyphen_behind_a_class_as_itself(self):
        self.assertIsNotNone(patterns.compile_pattern("[\\w-_]*"))


if __name__ == "__main__":
    unittest.main()
