"""Every bound that the service model puts on a member is held, in AWS's words.

The cases are made from botocore's model: for each member of each operation's input, one value for each
thing that it may not be. All else in a request is valid, so that exactly one error is told of.
"""

import pathlib

import botocore.loaders
import botocore.session
import pytest
from botocore import xform_name
from botocore.config import Config
from botocore.model import ServiceModel

from errors import error_of

OPERATIONS = pathlib.Path(__file__).resolve().parents[2] / "src/services/kinesis/ops"
MODEL = ServiceModel(botocore.session.get_session().get_component("data_loader").load_service_model(
    "kinesis", "service-2"), "kinesis")
STREAM = "arn:aws:kinesis:us-east-1:123456789012:stream/s"
# Of texts with a pattern: valid ones, and how to make them as long as one likes.
TEXTS = {
    "StreamName": "s", "ShardId": "s", "ConsumerName": "c", "StreamARN": STREAM,
    "ResourceARN": STREAM, "ConsumerARN": f"{STREAM}/consumer/c:1",
    "StreamId": "abcdefghij0123456789-abc", "HashKey": "0", "SequenceNumber": "0",
}
LONGER = {"StreamName": "s", "ShardId": "s", "ConsumerName": "c", "StreamARN": "s",
          "ResourceARN": "s", "ConsumerARN": "1"}
SHOWN_MAX = 1000  # longer values are cut when they are shown


def valid(shape):
    """A value of the shape that breaks no bound."""
    bounds = shape.metadata
    if shape.type_name == "string":
        if getattr(shape, "enum", None):
            return shape.enum[0]
        return TEXTS.get(shape.name, "a" * max(1, bounds.get("min", 1)))
    if shape.type_name in ("integer", "long"):
        return max(1, bounds.get("min", 1))
    if shape.type_name == "structure":
        return {name: valid(shape.members[name]) for name in shape.required_members}
    if shape.type_name == "list":
        return [valid(shape.member)]
    if shape.type_name == "map":
        return {"k": valid(shape.value)}
    return {"boolean": False, "timestamp": 0, "blob": b"d"}[shape.type_name]


def shown(value):
    if isinstance(value, list):
        return "[" + ", ".join(map(shown, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}={shown(item)}" for key, item in value.items()) + "}"
    return str(value)


def wrong_values(shape):
    """(what is wrong, a value, the constraint in AWS's words) for each bound of the shape."""
    bounds = shape.metadata
    least, most = bounds.get("min"), bounds.get("max")
    if shape.type_name == "string":
        if getattr(shape, "enum", None):
            values = ", ".join(shape.enum)
            yield "other", "other", f"Member must satisfy enum value set: [{values}]"
        elif "pattern" in bounds:
            wrong = "b d!" + "x" * 20
            yield "pattern", wrong[:most], (
                f"Member must satisfy regular expression pattern: {bounds['pattern']}")
            if most and shape.name in LONGER:
                value = TEXTS[shape.name]
                value += LONGER[shape.name] * (most + 1 - len(value))
                yield "long", value, f"Member must have length less than or equal to {most}"
        else:
            if least:
                yield "short", "a" * (least - 1), (
                    f"Member must have length greater than or equal to {least}")
            if most and most < 10_000:
                yield "long", "a" * (most + 1), (
                    f"Member must have length less than or equal to {most}")
    elif shape.type_name in ("integer", "long"):
        if least is not None:
            yield "low", least - 1, f"Member must have value greater than or equal to {least}"
        if most is not None:
            yield "high", most + 1, f"Member must have value less than or equal to {most}"
    elif shape.type_name == "list":
        if least:
            yield "few", [], f"Member must have length greater than or equal to {least}"
        if most:
            yield "many", [valid(shape.member)] * (most + 1), (
                f"Member must have length less than or equal to {most}")
    elif shape.type_name == "map":
        if least:
            yield "few", {}, f"Member must have length greater than or equal to {least}"
        if most:
            yield "many", {f"k{i}": "" for i in range(most + 1)}, (
                f"Member must have length less than or equal to {most}")


def wrong_inputs(shape, path=""):
    """(path, what, input, value, constraint) of every wrong value in a structure and below it."""
    for name, member in shape.members.items():
        at = f"{path}{name[0].lower()}{name[1:]}"
        base = valid(shape)
        if name in shape.required_members:
            yield at, "missing", {k: v for k, v in base.items() if k != name}, None, (
                "Member must not be null")
        for what, value, constraint in wrong_values(member):
            yield at, what, {**base, name: value}, value, constraint
        inner = member.member if member.type_name == "list" else member
        if inner.type_name == "structure":
            step = ".1.member." if member.type_name == "list" else "."
            for below, what, value, wrong, constraint in wrong_inputs(inner, at + step):
                yield below, what, {
                    **base, name: [value] if member.type_name == "list" else value
                }, wrong, constraint


def cases():
    built = {path.name.split(".")[0] for path in OPERATIONS.glob("*.cc")}
    for operation in MODEL.operation_names:
        if xform_name(operation) not in built:
            continue
        for path, what, arguments, value, constraint in wrong_inputs(
                MODEL.operation_model(operation).input_shape):
            yield pytest.param(operation, arguments, path, value, constraint,
                               id=f"{operation}-{path}-{what}")


@pytest.fixture(scope="module")
def unchecked(client):
    """A client that sends what it is given."""
    return client("kinesis", config=Config(parameter_validation=False,
                                           retries={"mode": "standard", "max_attempts": 1}))


@pytest.mark.parametrize("operation, arguments, path, value, constraint", list(cases()))
def test_a_bound_is_held(unchecked, operation, arguments, path, value, constraint):
    code, message = error_of(getattr(unchecked, xform_name(operation)), **arguments)
    assert code == "ValidationException"
    assert message.startswith("1 validation error detected: Value ")
    assert message.endswith(f" at '{path}' failed to satisfy constraint: {constraint}")
    if value is None:
        assert " Value null at " in message
    elif len(shown(value)) < SHOWN_MAX and not isinstance(value, (list, dict)):
        assert f" Value '{shown(value)}' at " in message
    elif not isinstance(value, str) and len(value) == 0:
        assert f" Value '{shown(value)}' at " in message
