"""Notes when rows change, by reading them again and again."""

import http.client
import json
import time

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials


class RowWatcher:
    """Reads the attribute "seen" of the rows `ids`, strongly consistent, every `poll_ms`.
    `sightings` holds (seen, microseconds since 1970 when the answer was there) for each change of each row.

    The request is always the same, so it is signed once: a look costs little, and one signature
    holds for 15 minutes.
    """

    def __init__(self, port, credentials, table, ids, poll_ms):
        body = json.dumps({"RequestItems": {table: {
            "ConsistentRead": True, "Keys": [{"id": {"S": id}} for id in ids]}}})
        self.request = AWSRequest("POST", f"http://127.0.0.1:{port}/", data=body, headers={
            "Content-Type": "application/x-amz-json-1.0",
            "X-Amz-Target": "DynamoDB_20120810.BatchGetItem"})
        SigV4Auth(Credentials(*credentials), "dynamodb", "us-east-1").add_auth(self.request)
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.table = table
        self.poll_seconds = poll_ms / 1000
        self.sightings = {id: [] for id in ids}
        self.is_stopped = False

    def run(self):
        while not self.is_stopped:
            self.look()
            time.sleep(self.poll_seconds)
        self.connection.close()

    def look(self):
        self.connection.request("POST", "/", self.request.data, dict(self.request.headers))
        answer = self.connection.getresponse()
        body = answer.read()
        self.note(time.time_ns() // 1000, json.loads(body)["Responses"][self.table])

    def note(self, now_us, rows):
        for row in rows:
            changes = self.sightings[row["id"]["S"]]
            seen = int(row["seen"]["N"])
            if not changes or changes[-1][0] != seen:
                changes.append((seen, now_us))

    def stop(self):
        self.is_stopped = True
