"""Puts flights into a Kinesis stream, partitioned by their origin.

    python producer.py FLIGHTS.json [STREAM]
"""

import json
import sys
import time

from clients import client
from progress import ProgressBar

RECORDS_PER_CALL = 500
BACKOFF_SECONDS_MAX = 2.0


def put_all(kinesis, stream, flights, progress):
    """Puts every flight and returns when all are acknowledged. Calls progress(count) as it goes."""
    done = 0
    for start in range(0, len(flights), RECORDS_PER_CALL):
        batch = flights[start:start + RECORDS_PER_CALL]
        put_batch(kinesis, stream, [
            {"Data": json.dumps(flight).encode(), "PartitionKey": flight["origin"]}
            for flight in batch])
        done += len(batch)
        progress(done)


def put_batch(kinesis, stream, records):
    """PutRecords can take some records and refuse others: puts those again until all are in."""
    backoff_seconds = 0.05
    while records:
        answer = kinesis.put_records(StreamName=stream, Records=records)
        if answer["FailedRecordCount"] == 0:
            return
        records = [record for record, result in zip(records, answer["Records"])
                   if "ErrorCode" in result]
        time.sleep(backoff_seconds)
        backoff_seconds = min(backoff_seconds * 2, BACKOFF_SECONDS_MAX)


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        flights = json.load(file)
    stream = sys.argv[2] if len(sys.argv) > 2 else "flights"
    bar = ProgressBar("put", len(flights))
    put_all(client("kinesis"), stream, flights, bar.show)
    bar.finish()


if __name__ == "__main__":
    main()
