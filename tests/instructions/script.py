"""The requests whose instructions are counted: always the same, signed before they are sent."""

import base64
import json
import random
import socket

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

KEY = "millstream"
REGION = "us-east-1"
HOST = "localhost:4566"  # whatever the port is: as long in every run
USER_AGENT = "Boto3/1.44.5 md/Botocore#1.44.5 ua/2.1 os/linux lang/python#3.11.2 md/pyimpl#CPython"
SEED = 20261122
SHARDS = 64
ITEMS = 200
TABLES = 5  # what an item costs depends on where chance puts its table in the state
HOT_ITEMS = 10
TARGETS = {"kinesis": ("Kinesis_20131202", "application/x-amz-json-1.1"),
           "dynamodb": ("DynamoDB_20120810", "application/x-amz-json-1.0")}


def signed(service, operation, body):
    """The bytes of one request, as an SDK sends them."""
    target, content_type = TARGETS[service]
    request = AWSRequest("POST", f"http://{HOST}/", data=json.dumps(body).encode(), headers={
        "Host": HOST, "X-Amz-Target": f"{target}.{operation}", "Content-Type": content_type,
        "User-Agent": USER_AGENT, "amz-sdk-request": "attempt=1",
        "amz-sdk-invocation-id": "7d2f1a3e-6d0c-4f0e-9a53-0b1f6a2c9e11"})
    SigV4Auth(Credentials(KEY, KEY), service, REGION).add_auth(request)
    headers = {**request.headers, "Content-Length": len(request.data)}
    head = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST / HTTP/1.1\r\n{head}\r\n".encode() + request.data


def table_of(number):
    return f"items-{number % TABLES}"


class Connection:
    """Sends a request when the answer to the one before is there."""

    def __init__(self, port):
        self.socket = socket.create_connection(("127.0.0.1", port))
        self.file = self.socket.makefile("rb")

    def send(self, request):
        """The answer's body; anything but a 200 ends the run."""
        self.socket.sendall(request)
        status = self.file.readline()
        length = 0
        while (line := self.file.readline()) not in (b"\r\n", b""):
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                length = int(value)
        body = self.file.read(length)
        if b" 200 " not in status:
            raise RuntimeError(f"{status!r} {body!r}")
        return body

    def call(self, service, operation, body):
        return json.loads(self.send(signed(service, operation, body)) or b"{}")


class Script:
    """A stream and tables, and the phases' requests to them."""

    def __init__(self, connection):
        self.connection = connection
        self.random = random.Random(SEED)
        self._make_stream()
        for number in range(TABLES):
            self._make_table(table_of(number), [("id", "HASH")])
        self._make_table("ranges", [("id", "HASH"), ("at", "RANGE")])
        for number in range(ITEMS):
            connection.call("dynamodb", "PutItem", self._put(number))
        for number in range(10 * 20):
            connection.call("dynamodb", "PutItem", {"TableName": "ranges", "Item": {
                "id": {"S": f"device-{number // 10}"}, "at": {"N": str(1000 + number % 10)},
                "text": {"S": self._text(100)}, "level": {"N": "12.5"}}})

    def phases(self):
        """Title to (requests that don't count, requests that do)."""
        return {
            "PutRecord 1 KB": self._phase(150, "kinesis", "PutRecord", lambda i: {
                "StreamName": "stream", "Data": self._data(1000), "PartitionKey": self._text(10)}),
            "PutRecords 500 x 100 B": self._phase(12, "kinesis", "PutRecords", lambda i: {
                "StreamName": "stream", "Records": [
                    {"Data": self._data(100), "PartitionKey": self._text(10)}
                    for _ in range(500)]}),
            "GetRecords page": self._phase(50, "kinesis", "GetRecords", lambda i: {
                "ShardIterator": self.iterator, "Limit": 100}),
            "GetItem 1 KB": self._phase(150, "dynamodb", "GetItem", lambda i: {
                "TableName": table_of(i), "Key": self._key(i), "ConsistentRead": True}),
            "PutItem 1 KB": self._phase(150, "dynamodb", "PutItem", self._put),
            "UpdateItem ADD": self._phase(150, "dynamodb", "UpdateItem", lambda i: {
                "TableName": table_of(i), "Key": {"id": {"S": f"hot-{i % HOT_ITEMS}"}},
                "UpdateExpression": "ADD hits :one",
                "ExpressionAttributeValues": {":one": {"N": "1"}}}),
            "PutItem 1 KB, conditional": self._phase(150, "dynamodb", "PutItem", lambda i: {
                **self._put(i), "ConditionExpression": "attribute_exists(id)"}),
            "Query of 10 items": self._phase(100, "dynamodb", "Query", lambda i: {
                "TableName": "ranges", "KeyConditionExpression": "id = :id",
                "ExpressionAttributeValues": {":id": {"S": f"device-{i % 20}"}}}),
        }

    def _phase(self, count, service, operation, body):
        requests = [signed(service, operation, body(i)) for i in range(count + count // 3)]
        return requests[count:], requests[:count]

    def _text(self, size):
        return "".join(self.random.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=size))

    def _data(self, size):
        return base64.b64encode(self.random.randbytes(size)).decode()

    def _key(self, number):
        return {"id": {"S": f"item-{number * 37 % ITEMS:06}"}}

    def _put(self, number):
        return {"TableName": table_of(number),
                "Item": {**self._key(number), "v": {"S": self._text(1000)}}}

    def _make_stream(self):
        call = self.connection.call
        call("kinesis", "CreateStream", {"StreamName": "stream", "ShardCount": SHARDS})
        while call("kinesis", "DescribeStreamSummary", {"StreamName": "stream"})[
                "StreamDescriptionSummary"]["StreamStatus"] != "ACTIVE":
            pass
        for _ in range(100):
            call("kinesis", "PutRecord", {"StreamName": "stream", "Data": self._data(1000),
                                          "PartitionKey": "same"})
        shard = call("kinesis", "PutRecord", {"StreamName": "stream", "Data": "AAAA",
                                              "PartitionKey": "same"})["ShardId"]
        self.iterator = call("kinesis", "GetShardIterator", {
            "StreamName": "stream", "ShardId": shard, "ShardIteratorType": "TRIM_HORIZON"})[
                "ShardIterator"]

    def _make_table(self, name, keys):
        self.connection.call("dynamodb", "CreateTable", {
            "TableName": name, "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [
                {"AttributeName": key, "AttributeType": "N" if kind == "RANGE" else "S"}
                for key, kind in keys],
            "KeySchema": [{"AttributeName": key, "KeyType": kind} for key, kind in keys]})
        while self.connection.call("dynamodb", "DescribeTable", {"TableName": name})[
                "Table"]["TableStatus"] != "ACTIVE":
            pass
