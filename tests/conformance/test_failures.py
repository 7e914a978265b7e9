"""What the server's operator sees when something inside fails."""

import re

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from server_process import ServerProcess

pytestmark = pytest.mark.local


def start(directory, *options):
    return ServerProcess(directory / "data", *options).start()


def client(server, service):
    return boto3.client(service, endpoint_url=server.endpoint, region_name="us-east-1",
                        aws_access_key_id="any", aws_secret_access_key="any",
                        config=Config(retries={"max_attempts": 0}))


def test_an_internal_failure_is_logged_with_its_cause_and_the_requests_id(tmp_path):
    server = start(tmp_path)
    kinesis = client(server, "kinesis")
    kinesis.create_stream(StreamName="s", ShardCount=1)
    put = kinesis.put_record(StreamName="s", Data=b"find me here", PartitionKey="k")
    assert server.stop() == 0
    server.start()  # the record isn't in memory any more
    segment = next((server.data / "journal").glob("*.segment"))
    place = segment.read_bytes().index(b"find me here")
    with open(segment, "r+b") as file:
        file.seek(place)
        file.write(b"damaged here")
    iterator = kinesis.get_shard_iterator(StreamName="s", ShardId=put["ShardId"],
                                          ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    with pytest.raises(ClientError) as caught:
        kinesis.get_records(ShardIterator=iterator)
    answer = caught.value.response
    assert answer["Error"]["Code"] == "InternalFailure"
    assert "segment" not in answer["Error"]["Message"]
    request_id = answer["ResponseMetadata"]["RequestId"]
    line = next(line for line in server.log.read_text().splitlines() if request_id in line)
    assert re.search(r" error request \S+: GetRecords failed inside: .*segment holds no whole frame",
                     line)
    assert server.stop() == 0
