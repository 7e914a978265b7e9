"""The AWS SDK for JavaScript v3: its Kinesis client speaks HTTP/2 only, also without TLS."""

import pytest

pytestmark = pytest.mark.sanitizers

PUT_RECORD = """
import { KinesisClient, PutRecordCommand } from "@aws-sdk/client-kinesis";
const client = new KinesisClient({});
const answer = await client.send(new PutRecordCommand({
  StreamName: input.stream, PartitionKey: "key", Data: Buffer.from("from JavaScript") }));
console.log(JSON.stringify({ shard: answer.ShardId, sequence: answer.SequenceNumber }));
client.destroy();
"""

PUT_MANY = """
import { KinesisClient, PutRecordCommand } from "@aws-sdk/client-kinesis";
const client = new KinesisClient({});
const puts = [...Array(input.count).keys()].map((i) => client.send(new PutRecordCommand({
  StreamName: input.stream, PartitionKey: "key", Data: Buffer.from(String(i)) })));
const answers = await Promise.all(puts);
console.log(JSON.stringify(answers.map((answer) => answer.SequenceNumber)));
client.destroy();
"""

GET_ITEM = """
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, GetCommand, PutCommand } from "@aws-sdk/lib-dynamodb";
const client = DynamoDBDocumentClient.from(new DynamoDBClient({}));
await client.send(new PutCommand({
  TableName: input.table, Item: { id: "1", count: 7, tags: ["a", "b"], nested: { on: true } } }));
const answer = await client.send(new GetCommand({
  TableName: input.table, Key: { id: "1" }, ConsistentRead: true }));
console.log(JSON.stringify(answer.Item));
client.destroy();
"""

ERROR = """
import { KinesisClient, DescribeStreamSummaryCommand } from "@aws-sdk/client-kinesis";
const client = new KinesisClient({});
try {
  await client.send(new DescribeStreamSummaryCommand({ StreamName: "no-such-stream" }));
} catch (error) {
  console.log(JSON.stringify({ name: error.name, status: error.$metadata.httpStatusCode }));
}
client.destroy();
"""


@pytest.fixture
def stream(client, unique_name):
    kinesis = client("kinesis")
    name = unique_name("javascript")
    kinesis.create_stream(StreamName=name, ShardCount=1)
    kinesis.get_waiter("stream_exists").wait(StreamName=name, WaiterConfig={"Delay": 1})
    yield name
    kinesis.delete_stream(StreamName=name)


@pytest.fixture
def table(client, unique_name):
    dynamodb = client("dynamodb")
    name = unique_name("javascript")
    dynamodb.create_table(TableName=name, BillingMode="PAY_PER_REQUEST",
                          AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
                          KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}])
    dynamodb.get_waiter("table_exists").wait(TableName=name, WaiterConfig={"Delay": 1})
    yield name
    dynamodb.delete_table(TableName=name)


def read_all(kinesis, stream):
    iterator = kinesis.get_shard_iterator(StreamName=stream, ShardId="shardId-000000000000",
                                          ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    return kinesis.get_records(ShardIterator=iterator)["Records"]


def test_put_record_over_http2(node, client, stream):
    answer = node(PUT_RECORD, stream=stream)
    records = read_all(client("kinesis"), stream)
    assert [record["Data"] for record in records] == [b"from JavaScript"]
    assert records[0]["SequenceNumber"] == answer["sequence"]


def test_many_requests_at_once_on_one_http2_connection(node, client, stream):
    sequences = node(PUT_MANY, stream=stream, count=200)
    records = read_all(client("kinesis"), stream)
    assert len(set(sequences)) == 200
    assert {record["SequenceNumber"] for record in records} == set(sequences)
    by_sequence = {record["SequenceNumber"]: int(record["Data"]) for record in records}
    assert [by_sequence[sequence] for sequence in sequences] == list(range(200))


def test_an_item_comes_back_as_it_was(node, table):
    assert node(GET_ITEM, table=table) == {
        "id": "1", "count": 7, "tags": ["a", "b"], "nested": {"on": True}}


def test_errors_arrive_over_http2(node, endpoint):
    assert node(ERROR) == {"name": "ResourceNotFoundException", "status": 400}
