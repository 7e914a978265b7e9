"""The whole sample: deploys the stack, puts the flights, waits for the rows and compares them.

    python sample.py --flights FLIGHTS.json [--endpoint URL] [--once]
"""

import argparse
import json
import os
import pathlib
import sys
import time
import urllib.error
import urllib.request

import check_rows
from clients import client
from producer import put_all
from progress import ProgressBar

STACK = "flights"
STREAM = "flights"
TABLE = "airports"
LOG_GROUP = "/aws/lambda/flights-counter"
POLL_SECONDS = 0.05
START_SECONDS_MAX = 30
STACK_SECONDS_MAX = 120
STANDSTILL_SECONDS_MAX = 60

NEXT_STEPS = """
Try next, in another terminal:
  export AWS_ENDPOINT_URL={endpoint} AWS_DEFAULT_REGION=us-east-1 AWS_ACCESS_KEY_ID=me AWS_SECRET_ACCESS_KEY=me
  {aws} dynamodb get-item --table-name airports --key '{{"airport":{{"S":"SFO"}}}}'
  {aws} kinesis put-record --stream-name flights --partition-key SFO --data '{{"origin":"SFO","delay":42}}'
  {aws} cloudformation describe-stack-resources --stack-name flights --output table
"""


class SampleError(Exception):
    """Why the sample can't go on, as a sentence for the user."""


def is_alive(process_id):
    try:
        os.kill(process_id, 0)
    except ProcessLookupError:
        return False
    return True


def wait_until_ready(endpoint, server_pid):
    """Waits for the server's health page; gives up when the process has gone."""
    deadline = time.monotonic() + START_SECONDS_MAX
    while time.monotonic() < deadline:
        if server_pid and not is_alive(server_pid):
            raise SampleError("The server did not start; see its message above.")
        try:
            with urllib.request.urlopen(f"{endpoint}/_millstream/health", timeout=5) as answer:
                if answer.status == 200:
                    return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            pass
        time.sleep(POLL_SECONDS)
    raise SampleError(f"The server was not ready after {START_SECONDS_MAX} seconds.")


def stack_status(cloudformation):
    """The stack's status, or None when there is no stack."""
    try:
        return cloudformation.describe_stacks(StackName=STACK)["Stacks"][0]["StackStatus"]
    except cloudformation.exceptions.ClientError as error:
        if "does not exist" in error.response["Error"]["Message"]:
            return None
        raise


def wait_for_stack(cloudformation, wanted):
    deadline = time.monotonic() + STACK_SECONDS_MAX
    while time.monotonic() < deadline:
        status = stack_status(cloudformation)
        if status == wanted:
            return
        if status is None or not status.endswith("_IN_PROGRESS"):
            raise SampleError(f"The stack is {status}:\n{failures(cloudformation)}")
        time.sleep(POLL_SECONDS)
    raise SampleError(f"The stack was not {wanted} after {STACK_SECONDS_MAX} seconds.")


def failures(cloudformation):
    events = cloudformation.describe_stack_events(StackName=STACK)["StackEvents"]
    return "\n".join(f"  {event['LogicalResourceId']}: {event.get('ResourceStatusReason', '')}"
                     for event in events if event["ResourceStatus"].endswith("FAILED"))


def deploy(cloudformation):
    template = pathlib.Path(__file__).with_name("template.yaml").read_text(encoding="utf-8")
    if stack_status(cloudformation) is not None:
        cloudformation.delete_stack(StackName=STACK)
        wait_for_stack(cloudformation, None)
    cloudformation.create_stack(StackName=STACK, TemplateBody=template,
                                Capabilities=["CAPABILITY_IAM"])
    wait_for_stack(cloudformation, "CREATE_COMPLETE")


def wait_for_rows(dynamodb, total):
    """Shows how the rows grow until every record is in one; returns them."""
    bar = ProgressBar("counted", total)
    last_count, last_change = -1, time.monotonic()
    try:
        while True:
            rows = check_rows.table_rows(dynamodb, TABLE)
            count = check_rows.total_flights(rows)
            bar.show(count)
            if count >= total:
                return rows
            if count != last_count:
                last_count, last_change = count, time.monotonic()
            if time.monotonic() - last_change > STANDSTILL_SECONDS_MAX:
                raise SampleError(f"No row has changed for {STANDSTILL_SECONDS_MAX} seconds.")
            time.sleep(POLL_SECONDS)
    finally:
        bar.finish()


def function_log(logs, pattern):
    pages = logs.get_paginator("filter_log_events").paginate(
        logGroupName=LOG_GROUP, filterPattern=pattern)
    return [event["message"] for page in pages for event in page["events"]]


def put_to_row_ms(logs):
    """How long each record took from its put to its row, as the function logged it."""
    waits = []
    for message in function_log(logs, "put_to_row_ms"):
        waits += json.loads(message)["put_to_row_ms"]
    return sorted(waits)


def percentile(sorted_values, fraction):
    if not sorted_values:
        return 0
    return sorted_values[min(int(len(sorted_values) * fraction), len(sorted_values) - 1)]


def run(endpoint, flights):
    """Deploys, puts and counts; prints the figures and returns the rows."""
    deploy(client("cloudformation", endpoint))
    print("The stack stands: stream, function, table and the trigger between them.")
    bar = ProgressBar("put", len(flights))
    kinesis = client("kinesis", endpoint)
    dynamodb = client("dynamodb", endpoint)
    started = time.monotonic()
    put_all(kinesis, STREAM, flights, bar.show)
    bar.finish()
    rows = wait_for_rows(dynamodb, len(flights))
    seconds = time.monotonic() - started
    waits = put_to_row_ms(client("logs", endpoint))
    print(f"\n{len(flights) / seconds:,.0f} records/s from first put to last row; "
          f"put to row p50 {percentile(waits, 0.5):,} ms, p99 {percentile(waits, 0.99):,} ms\n")
    return rows


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("--flights", required=True, help="the file of flights")
    parser.add_argument("--endpoint", default="http://127.0.0.1:4566")
    parser.add_argument("--server-pid", type=int, help="stop waiting when this process has gone")
    parser.add_argument("--once", action="store_true",
                        help="show what an earlier run has left, if it is complete")
    parser.add_argument("--next-steps", action="store_true", help="end with commands to try next")
    return parser.parse_args()


def rows_of_earlier_run(endpoint, total):
    if stack_status(client("cloudformation", endpoint)) != "CREATE_COMPLETE":
        return None
    rows = check_rows.table_rows(client("dynamodb", endpoint), TABLE)
    return rows if check_rows.total_flights(rows) >= total else None


def main():
    arguments = parse_arguments()
    with open(arguments.flights, encoding="utf-8") as file:
        flights = json.load(file)
    expected = check_rows.expected_rows(flights)
    try:
        wait_until_ready(arguments.endpoint, arguments.server_pid)
        rows = rows_of_earlier_run(arguments.endpoint, len(flights)) if arguments.once else None
        earlier = rows is not None
        if not earlier:
            rows = run(arguments.endpoint, flights)
    except SampleError as error:
        print(error, file=sys.stderr)
        return 1
    check_rows.print_table(rows)
    good = check_rows.print_verdict(expected, rows)
    if arguments.next_steps:
        aws = pathlib.Path(__file__).resolve().parents[2] / ".venv/bin/aws"
        print(NEXT_STEPS.format(endpoint=arguments.endpoint, aws=aws))
    # Whoever has put flights of their own since sees their own table: that is no failure.
    return 0 if good or earlier else 1


if __name__ == "__main__":
    sys.exit(main())
