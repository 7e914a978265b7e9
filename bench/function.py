"""A Python function on a Millstream that is measured, and triggers for it."""

import io
import time
import zipfile

ROLE = "arn:aws:iam::000000000000:role/bench"
NAME = "bench"
ENABLED_SECONDS_MAX = 120


def package(source):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("app.py", source)
    return buffer.getvalue()


def create_function(server, source, **settings):
    server.client("lambda").create_function(
        **{"FunctionName": NAME, "Runtime": "python3.13", "Handler": "app.handler", "Role": ROLE,
           "Code": {"ZipFile": package(source)}, "Timeout": 30, "MemorySize": 256, **settings})


def create_triggers(server, streams, **settings):
    """A trigger of the function for each stream; all are enabled when it returns."""
    kinesis, lambda_ = server.client("kinesis"), server.client("lambda")
    uuids = []
    for stream in streams:
        summary = kinesis.describe_stream_summary(StreamName=stream)["StreamDescriptionSummary"]
        uuids.append(lambda_.create_event_source_mapping(
            **{"EventSourceArn": summary["StreamARN"], "FunctionName": NAME,
               "StartingPosition": "LATEST", **settings})["UUID"])
    deadline = time.monotonic() + ENABLED_SECONDS_MAX
    for uuid in uuids:
        while (state := lambda_.get_event_source_mapping(UUID=uuid)["State"]) != "Enabled":
            if time.monotonic() > deadline:
                raise RuntimeError(f"trigger {uuid} is still {state}")
            time.sleep(0.05)
