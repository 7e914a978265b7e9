"""What users of DynamoDB do through boto3: tables, items, queries, scans and batches."""

from decimal import Decimal

import boto3
import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.sanitizers


@pytest.fixture(scope="module")
def dynamodb(client):
    return client("dynamodb")


@pytest.fixture(scope="module")
def make_table(dynamodb, unique_name):
    made = []

    def make(sort=None):
        name = unique_name("table")
        schema = [{"AttributeName": "pk", "KeyType": "HASH"}]
        attributes = [{"AttributeName": "pk", "AttributeType": "S"}]
        if sort:
            schema.append({"AttributeName": "sk", "KeyType": "RANGE"})
            attributes.append({"AttributeName": "sk", "AttributeType": sort})
        dynamodb.create_table(TableName=name, KeySchema=schema, AttributeDefinitions=attributes,
                              BillingMode="PAY_PER_REQUEST")
        dynamodb.get_waiter("table_exists").wait(TableName=name)
        made.append(name)
        return name
    yield make
    for name in made:
        dynamodb.delete_table(TableName=name)


@pytest.fixture(scope="module")
def table(make_table):
    return make_table()


@pytest.fixture(scope="module")
def sorted_table(make_table):
    return make_table(sort="N")


@pytest.fixture
def key(unique_name):
    return {"pk": {"S": unique_name("item")}}


def error_of(call, **arguments):
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    return caught.value.response["Error"]


def message_of(call, **arguments):
    error = error_of(call, **arguments)
    assert error["Code"] == "ValidationException", error
    return error["Message"]


# ---- Tables

def test_a_table_is_described_and_listed(dynamodb, table):
    described = dynamodb.describe_table(TableName=table)["Table"]
    assert described["TableStatus"] == "ACTIVE"
    assert described["KeySchema"] == [{"AttributeName": "pk", "KeyType": "HASH"}]
    assert described["BillingModeSummary"]["BillingMode"] == "PAY_PER_REQUEST"
    assert described["TableArn"].endswith(f":table/{table}")
    assert table in [name for page in dynamodb.get_paginator("list_tables").paginate()
                     for name in page["TableNames"]]
    by_arn = dynamodb.describe_table(TableName=described["TableArn"])["Table"]
    assert by_arn["TableId"] == described["TableId"]


def test_a_table_exists_once(dynamodb, table):
    error = error_of(dynamodb.create_table, TableName=table, BillingMode="PAY_PER_REQUEST",
                     KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
                     AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}])
    assert error["Code"] == "ResourceInUseException"


def test_a_missing_table_is_named(dynamodb):
    error = error_of(dynamodb.describe_table, TableName="no-such-table")
    assert error == {"Code": "ResourceNotFoundException",
                     "Message": "Requested resource not found: Table: no-such-table not found"}
    error = error_of(dynamodb.get_item, TableName="no-such-table", Key={"pk": {"S": "a"}})
    assert error["Message"] == "Requested resource not found"


@pytest.mark.parametrize("change, message", [
    ({"KeySchema": [{"AttributeName": "pk", "KeyType": "RANGE"}]},
     "Invalid KeySchema: The first KeySchemaElement is not a HASH key type"),
    ({"AttributeDefinitions": [{"AttributeName": "x", "AttributeType": "S"}]},
     "Some index key attributes are not defined in AttributeDefinitions. "
     "Keys: [pk], AttributeDefinitions: [x]"),
    ({"BillingMode": "PROVISIONED"},
     "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is "
     "PROVISIONED"),
    ({"TableName": "ab"}, "Member must have length greater than or equal to 3"),
    ({"TableName": "no spaces"},
     "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+"),
])
def test_a_malformed_table_is_refused(dynamodb, unique_name, change, message):
    request = {"TableName": unique_name("table"), "BillingMode": "PAY_PER_REQUEST",
               "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
               "AttributeDefinitions": [{"AttributeName": "pk", "AttributeType": "S"}], **change}
    assert message in message_of(dynamodb.create_table, **request)


def test_a_protected_table_stays(dynamodb, unique_name):
    name = unique_name("table")
    dynamodb.create_table(TableName=name, DeletionProtectionEnabled=True,
                          KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
                          AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
                          ProvisionedThroughput={"ReadCapacityUnits": 1, "WriteCapacityUnits": 2})
    assert "protected against deletion" in message_of(dynamodb.delete_table, TableName=name)
    described = dynamodb.describe_table(TableName=name)["Table"]
    assert described["ProvisionedThroughput"]["WriteCapacityUnits"] == 2


def test_tags_are_kept(dynamodb, table):
    arn = dynamodb.describe_table(TableName=table)["Table"]["TableArn"]
    dynamodb.tag_resource(ResourceArn=arn, Tags=[{"Key": "a", "Value": "1"},
                                                 {"Key": "b", "Value": "2"}])
    dynamodb.untag_resource(ResourceArn=arn, TagKeys=["a", "none"])
    assert dynamodb.list_tags_of_resource(ResourceArn=arn)["Tags"] == [{"Key": "b", "Value": "2"}]
    error = error_of(dynamodb.list_tags_of_resource, ResourceArn=arn + "-none")
    assert error["Code"] == "ResourceNotFoundException"


# ---- Items

ALL_TYPES = {"s": {"S": "été \"x\" \\ \u0001"}, "n": {"N": "-12.5"}, "b": {"B": b"\x00\xff"},
             "ss": {"SS": ["a", "b"]}, "ns": {"NS": ["1", "2.5"]}, "bs": {"BS": [b"a", b"b"]},
             "m": {"M": {"k": {"L": [{"NULL": True}, {"BOOL": False}]}}},
             "l": {"L": []}, "t": {"BOOL": True}, "empty": {"S": ""}}


def test_every_type_comes_back(dynamodb, table, key):
    item = {**key, **ALL_TYPES}
    dynamodb.put_item(TableName=table, Item=item)
    assert dynamodb.get_item(TableName=table, Key=key, ConsistentRead=True)["Item"] == item


def test_the_resource_interface_works(table, endpoint, key):
    options = {"endpoint_url": endpoint, "aws_access_key_id": "x", "aws_secret_access_key": "x"}
    resource = boto3.resource("dynamodb", region_name="us-east-1", **(options if endpoint else {}))
    rows = resource.Table(table)
    rows.put_item(Item={"pk": key["pk"]["S"], "price": Decimal("1.10"), "tags": {"a", "b"}})
    assert rows.get_item(Key={"pk": key["pk"]["S"]})["Item"]["price"] == Decimal("1.1")


def test_put_answers_the_old_item(dynamodb, table, key):
    answer = dynamodb.put_item(TableName=table, Item=key, ReturnValues="ALL_OLD",
                               ReturnConsumedCapacity="TOTAL")
    assert "Attributes" not in answer
    assert answer["ConsumedCapacity"] == {"TableName": table, "CapacityUnits": 1.0}
    answer = dynamodb.put_item(TableName=table, Item={**key, "a": {"N": "1"}},
                               ReturnValues="ALL_OLD")
    assert answer["Attributes"] == key


def test_a_condition_decides(dynamodb, table, key):
    create = {"TableName": table, "Item": key, "ConditionExpression": "attribute_not_exists(pk)"}
    dynamodb.put_item(**create)
    error = error_of(dynamodb.put_item, **create)
    assert error["Code"] == "ConditionalCheckFailedException"
    assert error["Message"] == "The conditional request failed"
    with pytest.raises(ClientError) as caught:
        dynamodb.put_item(**create, ReturnValuesOnConditionCheckFailure="ALL_OLD")
    assert caught.value.response["Item"] == key


@pytest.mark.parametrize("asked, answer", [
    ("NONE", None),
    ("ALL_OLD", {"a": {"N": "1"}, "m": {"M": {"x": {"N": "1"}, "y": {"N": "2"}}}}),
    ("UPDATED_OLD", {"a": {"N": "1"}, "m": {"M": {"x": {"N": "1"}}}}),
    ("ALL_NEW", {"a": {"N": "6"}, "m": {"M": {"x": {"N": "9"}, "y": {"N": "2"}}}}),
    ("UPDATED_NEW", {"a": {"N": "6"}, "m": {"M": {"x": {"N": "9"}}}}),
])
def test_update_answers_what_is_asked(dynamodb, table, key, asked, answer):
    dynamodb.put_item(TableName=table, Item={
        **key, "a": {"N": "1"}, "m": {"M": {"x": {"N": "1"}, "y": {"N": "2"}}}})
    updated = dynamodb.update_item(
        TableName=table, Key=key, UpdateExpression="SET a = a + :five, m.x = :nine",
        ExpressionAttributeValues={":five": {"N": "5"}, ":nine": {"N": "9"}}, ReturnValues=asked)
    if asked.startswith("ALL"):
        answer = {**key, **answer}
    assert updated.get("Attributes") == answer


def test_delete_takes_the_item_away(dynamodb, table, key):
    dynamodb.put_item(TableName=table, Item=key)
    assert dynamodb.delete_item(TableName=table, Key=key,
                                ReturnValues="ALL_OLD")["Attributes"] == key
    assert "Item" not in dynamodb.get_item(TableName=table, Key=key)
    assert "Attributes" not in dynamodb.delete_item(TableName=table, Key=key,
                                                    ReturnValues="ALL_OLD")


def test_a_projection_keeps_its_shape(dynamodb, table, key):
    dynamodb.put_item(TableName=table, Item={
        **key, "l": {"L": [{"N": "0"}, {"M": {"x": {"N": "1"}, "y": {"N": "2"}}}]}})
    found = dynamodb.get_item(TableName=table, Key=key, ProjectionExpression="#l[1].x, nothing",
                              ExpressionAttributeNames={"#l": "l"})
    assert found["Item"] == {"l": {"L": [{"M": {"x": {"N": "1"}}}]}}


@pytest.mark.parametrize("text, stored", [
    ("0042.1200", "42.12"), ("1E3", "1000"), ("-0", "0"), (".5", "0.5"), ("1e-130", None),
    ("12345678901234567890123456789012345678", "12345678901234567890123456789012345678"),
])
def test_numbers_are_exact(dynamodb, table, key, text, stored):
    dynamodb.put_item(TableName=table, Item={**key, "n": {"N": text}})
    back = dynamodb.get_item(TableName=table, Key=key)["Item"]["n"]["N"]
    assert Decimal(back) == Decimal(text)
    assert stored is None or back == stored


# ---- Queries and scans

@pytest.fixture(scope="module")
def events(dynamodb, sorted_table):
    for number in (5, -3, 12, 0, 7):
        dynamodb.put_item(TableName=sorted_table, Item={
            "pk": {"S": "events"}, "sk": {"N": str(number)}, "odd": {"BOOL": number % 2 == 1}})
    return sorted_table


def sort_keys(answer):
    return [int(item["sk"]["N"]) for item in answer["Items"]]


@pytest.mark.parametrize("condition, values, expected", [
    ("pk = :p", {}, [-3, 0, 5, 7, 12]),
    ("pk = :p AND sk > :x", {":x": 0}, [5, 7, 12]),
    ("pk = :p AND sk >= :x", {":x": 0}, [0, 5, 7, 12]),
    ("pk = :p AND :x > sk", {":x": 0}, [-3]),
    ("pk = :p AND sk BETWEEN :x AND :y", {":x": 0, ":y": 7}, [0, 5, 7]),
    ("sk = :x AND pk = :p", {":x": 12}, [12]),
])
def test_a_query_finds_by_sort_key(dynamodb, events, condition, values, expected):
    request = {"TableName": events, "KeyConditionExpression": condition,
               "ExpressionAttributeValues": {":p": {"S": "events"}, **{
                   name: {"N": str(value)} for name, value in values.items()}}}
    assert sort_keys(dynamodb.query(**request)) == expected
    assert sort_keys(dynamodb.query(**request, ScanIndexForward=False)) == expected[::-1]


def test_a_query_pages(dynamodb, events):
    pages = list(dynamodb.get_paginator("query").paginate(
        TableName=events, KeyConditionExpression="pk = :p",
        ExpressionAttributeValues={":p": {"S": "events"}}, PaginationConfig={"PageSize": 2}))
    assert [sort_keys(page) for page in pages] == [[-3, 0], [5, 7], [12]]
    assert pages[0]["LastEvaluatedKey"] == {"pk": {"S": "events"}, "sk": {"N": "0"}}


def test_a_filter_counts_what_it_saw(dynamodb, events):
    request = {"TableName": events, "KeyConditionExpression": "pk = :p", "FilterExpression": "odd = :t",
               "ExpressionAttributeValues": {":p": {"S": "events"}, ":t": {"BOOL": True}}}
    answer = dynamodb.query(**request)
    assert (answer["Count"], answer["ScannedCount"]) == (3, 5)
    counted = dynamodb.query(**request, Select="COUNT")
    assert counted["Count"] == 3 and "Items" not in counted


def test_segments_part_a_table(dynamodb, make_table):
    name = make_table()
    for number in range(40):
        dynamodb.put_item(TableName=name, Item={"pk": {"S": str(number)}})
    seen = [item["pk"]["S"] for segment in range(4)
            for page in dynamodb.get_paginator("scan").paginate(
                TableName=name, Segment=segment, TotalSegments=4,
                PaginationConfig={"PageSize": 3})
            for item in page["Items"]]
    assert sorted(seen) == sorted(str(number) for number in range(40))
    assert dynamodb.describe_table(TableName=name)["Table"]["ItemCount"] == 40


def test_strings_and_binaries_sort_by_bytes(dynamodb, make_table):
    for kind, values in (("S", ["", "a", "a\u0000", "b", "é"]), ("B", [b"\x00", b"a", b"\xff"])):
        name = make_table(sort=kind)
        stored = [value for value in values if value]
        for value in reversed(stored):
            dynamodb.put_item(TableName=name, Item={"pk": {"S": "p"}, "sk": {kind: value}})
        found = dynamodb.query(TableName=name, KeyConditionExpression="pk = :p",
                               ExpressionAttributeValues={":p": {"S": "p"}})
        assert [item["sk"][kind] for item in found["Items"]] == stored


def test_begins_with_finds_a_range(dynamodb, make_table):
    name = make_table(sort="S")
    for sort in ("2025-12", "2026-01", "2026-02", "2027"):
        dynamodb.put_item(TableName=name, Item={"pk": {"S": "p"}, "sk": {"S": sort}})
    found = dynamodb.query(TableName=name, KeyConditionExpression="pk = :p AND begins_with(sk, :y)",
                           ExpressionAttributeValues={":p": {"S": "p"}, ":y": {"S": "2026"}})
    assert [item["sk"]["S"] for item in found["Items"]] == ["2026-01", "2026-02"]


# ---- Batches

def test_batches_write_and_read(dynamodb, table, unique_name):
    keys = [{"pk": {"S": unique_name("item")}} for _ in range(25)]
    answer = dynamodb.batch_write_item(RequestItems={
        table: [{"PutRequest": {"Item": key}} for key in keys]})
    assert answer["UnprocessedItems"] == {}
    found = dynamodb.batch_get_item(RequestItems={table: {"Keys": keys}})
    assert sorted(item["pk"]["S"] for item in found["Responses"][table]) == sorted(
        key["pk"]["S"] for key in keys)
    assert found["UnprocessedKeys"] == {}
    dynamodb.batch_write_item(RequestItems={
        table: [{"DeleteRequest": {"Key": key}} for key in keys]})
    assert dynamodb.batch_get_item(RequestItems={table: {"Keys": keys}})["Responses"] == {table: []}


def test_a_batch_names_each_key_once(dynamodb, table, key):
    duplicates = "Provided list of item keys contains duplicates"
    assert message_of(dynamodb.batch_get_item,
                      RequestItems={table: {"Keys": [key, key]}}) == duplicates
    assert message_of(dynamodb.batch_write_item, RequestItems={table: [
        {"PutRequest": {"Item": key}}, {"DeleteRequest": {"Key": key}}]}) == duplicates


# ---- Legacy parameters, as the Kinesis Client Library uses them

def test_legacy_parameters_work(dynamodb, table, key):
    dynamodb.put_item(TableName=table, Item={**key, "counter": {"N": "1"}},
                      Expected={"pk": {"Exists": False}})
    error = error_of(dynamodb.put_item, TableName=table, Item=key,
                     Expected={"pk": {"Exists": False}})
    assert error["Code"] == "ConditionalCheckFailedException"
    updated = dynamodb.update_item(
        TableName=table, Key=key, ReturnValues="ALL_NEW",
        AttributeUpdates={"counter": {"Action": "ADD", "Value": {"N": "1"}},
                          "owner": {"Action": "PUT", "Value": {"S": "me"}}},
        Expected={"counter": {"ComparisonOperator": "LT", "AttributeValueList": [{"N": "5"}]}})
    assert updated["Attributes"] == {**key, "counter": {"N": "2"}, "owner": {"S": "me"}}
    found = dynamodb.query(TableName=table, AttributesToGet=["owner"], KeyConditions={
        "pk": {"ComparisonOperator": "EQ", "AttributeValueList": [key["pk"]]}})
    assert found["Items"] == [{"owner": {"S": "me"}}]
