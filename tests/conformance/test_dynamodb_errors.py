"""DynamoDB's validation messages, word for word."""

import pytest
from botocore.exceptions import ClientError

ONE = "1 validation error detected: "
INVALID = "One or more parameter values were invalid: "


@pytest.fixture(scope="module")
def dynamodb(client):
    # Without parameter validation boto3 sends whatever it is given.
    from botocore.config import Config
    return client("dynamodb", config=Config(parameter_validation=False,
                                            retries={"mode": "standard", "max_attempts": 1}))


@pytest.fixture(scope="module")
def table(dynamodb, unique_name):
    name = unique_name("table")
    dynamodb.create_table(TableName=name, BillingMode="PAY_PER_REQUEST",
                          KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"},
                                     {"AttributeName": "sk", "KeyType": "RANGE"}],
                          AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"},
                                                {"AttributeName": "sk", "AttributeType": "N"}])
    dynamodb.get_waiter("table_exists").wait(TableName=name)
    yield name
    dynamodb.delete_table(TableName=name)


KEY = {"pk": {"S": "a"}, "sk": {"N": "1"}}


def message_of(call, **arguments):
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    error = caught.value.response["Error"]
    assert error["Code"] == "ValidationException", error
    return error["Message"]


@pytest.mark.parametrize("value, message", [
    ({"N": "abc"}, ONE + "The parameter cannot be converted to a numeric value: abc"),
    ({"N": ""}, ONE + "The parameter cannot be converted to a numeric value: "),
    ({"N": "1e126"}, ONE + "Number overflow. Attempting to store a number with magnitude larger than "
                           "supported range"),
    ({"N": "1e-131"}, ONE + "Number underflow. Attempting to store a number with magnitude smaller "
                            "than supported range"),
    ({"N": "1" * 39}, ONE + "Attempting to store more than 38 significant digits in a Number"),
    ({"SS": []}, ONE + INVALID + "An string set  may not be empty"),
    ({"NS": []}, ONE + INVALID + "An number set  may not be empty"),
    ({"BS": []}, ONE + INVALID + "Binary sets should not be empty"),
    ({"SS": ["b", "a", "b"]},
     ONE + INVALID + 'Input collection ["a", "b", "b"] contains duplicates.'),
    ({"NS": ["1", "1.0"]}, ONE + INVALID + "Input collection contains duplicates."),
    ({"NULL": False}, ONE + INVALID + "Null attribute value types must have the value of true"),
    ({}, "Supplied AttributeValue is empty, must contain exactly one of the supported datatypes"),
    ({"S": "a", "N": "1"}, "Supplied AttributeValue has more than one datatypes set, must contain "
                           "exactly one of the supported datatypes"),
])
def test_values_are_judged(dynamodb, table, value, message):
    assert message_of(dynamodb.put_item, TableName=table, Item={**KEY, "x": value}) == message


def test_batches_have_the_older_words(dynamodb, table):
    request = {"PutRequest": {"Item": {**KEY, "x": {"SS": ["b", "a", "b"]}}}}
    assert message_of(dynamodb.batch_write_item, RequestItems={table: [request]}) == (
        INVALID + "Input collection [b, a, b] contains duplicates.")
    assert message_of(dynamodb.scan, TableName=table, FilterExpression="x = :v",
                      ExpressionAttributeValues={":v": {"N": "abc"}}) == (
        "ExpressionAttributeValues contains invalid value: The parameter cannot be converted to a "
        "numeric value: abc for key :v")


def test_nesting_ends_at_32_levels(dynamodb, table):
    def nested(levels):
        value = {"S": "leaf"}
        for _ in range(levels - 1):
            value = {"M": {"n": value}}
        return value
    dynamodb.put_item(TableName=table, Item={**KEY, "x": nested(32)})
    for levels in (33, 200):
        assert "Nesting Levels have exceeded supported limits" in message_of(
            dynamodb.put_item, TableName=table, Item={**KEY, "x": nested(levels)})


def test_items_end_at_400_kilobytes(dynamodb, table):
    # pk, a, sk, 2 bytes for 1, and the name x.
    room = 400 * 1024 - 2 - 1 - 2 - 2 - 1
    dynamodb.put_item(TableName=table, Item={**KEY, "x": {"S": "x" * room}})
    assert message_of(dynamodb.put_item, TableName=table, Item={
        **KEY, "x": {"S": "x" * (room + 1)}}) == "Item size has exceeded the maximum allowed size"
    assert message_of(dynamodb.update_item, TableName=table, Key=KEY, UpdateExpression="SET y = :v",
                      ExpressionAttributeValues={":v": {"S": "y"}}) == (
        "Item size to update has exceeded the maximum allowed size")


@pytest.mark.parametrize("item, message", [
    ({"sk": {"N": "1"}}, INVALID + "Missing the key pk in the item"),
    ({"pk": {"N": "1"}, "sk": {"N": "1"}},
     INVALID + "Type mismatch for key pk expected: S actual: N"),
    ({"pk": {"S": ""}, "sk": {"N": "1"}},
     "One or more parameter values are not valid. The AttributeValue for a key attribute cannot "
     "contain an empty string value. Key: pk"),
    ({"pk": {"S": "x" * 2049}, "sk": {"N": "1"}},
     INVALID + "Size of hashkey has exceeded the maximum size limit of2048 bytes"),
])
def test_item_keys_are_judged(dynamodb, table, item, message):
    assert message_of(dynamodb.put_item, TableName=table, Item=item) == message


@pytest.mark.parametrize("key", [{"pk": {"S": "a"}}, {**KEY, "z": {"S": "a"}},
                                 {"pk": {"S": "a"}, "sk": {"S": "1"}}])
def test_keys_fit_the_schema(dynamodb, table, key):
    expected = "The provided key element does not match the schema"
    assert message_of(dynamodb.get_item, TableName=table, Key=key) == expected
    assert message_of(dynamodb.delete_item, TableName=table, Key=key) == expected


@pytest.mark.parametrize("parameters, message", [
    ({"ConditionExpression": ""}, "Invalid ConditionExpression: The expression can not be empty;"),
    ({"ConditionExpression": "a = :x"},
     "Invalid ConditionExpression: An expression attribute value used in expression is not defined; "
     "attribute value: :x"),
    ({"ConditionExpression": "((attribute_not_exists(pk)))"},
     "Invalid ConditionExpression: The expression has redundant parentheses;"),
    ({"ConditionExpression": "a = :v", "ExpressionAttributeValues": {":v": {"S": "x"},
                                                                     ":w": {"S": "y"}}},
     "Value provided in ExpressionAttributeValues unused in expressions: keys: {:w}"),
    ({"ConditionExpression": "a = :v", "ExpressionAttributeValues": {"v": {"S": "x"}}},
     'ExpressionAttributeValues contains invalid key: Syntax error; key: "v"'),
    ({"ExpressionAttributeValues": {":v": {"S": "x"}}},
     "ExpressionAttributeValues can only be specified when using expressions"),
    ({"ExpressionAttributeNames": {"#a": "a"}},
     "ExpressionAttributeNames can only be specified when using expressions"),
    ({"ConditionExpression": "attribute_exists(a)", "Expected": {"a": {"Exists": False}}},
     "Can not use both expression and non-expression parameters in the same request: Non-expression "
     "parameters: {Expected} Expression parameters: {ConditionExpression}"),
    ({"Expected": {"a": {"Exists": True}}},
     INVALID + "Value must be provided when Exists is true for Attribute: a"),
    ({"ReturnValues": "ALL_NEW"}, "ReturnValues can only be ALL_OLD or NONE"),
])
def test_put_parameters_are_judged(dynamodb, table, parameters, message):
    assert message_of(dynamodb.put_item, TableName=table, Item=KEY, **parameters) == ONE + message


@pytest.mark.parametrize("expression, message", [
    ("INVALID SYNTAX HERE", 'Syntax error; token: "INVALID", near: "INVALID SYNTAX"'),
    ("SET a = :v REMOVE a",
     "Two document paths overlap with each other; must remove or rewrite one of these paths; path "
     "one: [a], path two: [a]"),
    ("SET size = :v", "Attribute name is a reserved keyword; reserved keyword: size"),
])
def test_update_expressions_are_judged(dynamodb, table, expression, message):
    assert message_of(dynamodb.update_item, TableName=table, Key=KEY, UpdateExpression=expression,
                      ExpressionAttributeValues={":v": {"N": "1"}}) == (
        ONE + "Invalid UpdateExpression: " + message)


@pytest.mark.parametrize("expression, message", [
    ("SET pk = :v", INVALID + "Cannot update attribute pk. This attribute is part of the key"),
    ("SET x.y = :v", "The document path provided in the update expression is invalid for update"),
    ("SET x = nothing + :v",
     "The provided expression refers to an attribute that does not exist in the item"),
    ("ADD t :v", "An operand in the update expression has an incorrect data type"),
])
def test_updates_that_the_item_refuses(dynamodb, table, expression, message):
    key = {"pk": {"S": "refuses"}, "sk": {"N": "1"}}
    dynamodb.put_item(TableName=table, Item={**key, "t": {"S": "text"}})
    assert message_of(dynamodb.update_item, TableName=table, Key=key, UpdateExpression=expression,
                      ExpressionAttributeValues={":v": {"N": "1"}}) == message


@pytest.mark.parametrize("parameters, message", [
    ({}, "Either the KeyConditions or KeyConditionExpression parameter must be specified in the "
         "request."),
    ({"KeyConditionExpression": "sk = :n"}, "Query condition missed key schema element: pk"),
    ({"KeyConditionExpression": "pk = :p OR sk = :n"},
     "Invalid operator used in KeyConditionExpression: OR"),
    ({"KeyConditionExpression": "pk = :p AND begins_with(sk, :n)"},
     "Invalid KeyConditionExpression: Incorrect operand type for operator or function; operator or "
     "function: begins_with, operand type: N"),
    ({"KeyConditionExpression": "pk = :p", "FilterExpression": "sk = :n"},
     "Filter Expression can only contain non-primary key attributes: Primary key attribute: sk"),
    ({"KeyConditionExpression": "pk = :p AND sk = :n", "Select": "SPECIFIC_ATTRIBUTES"},
     "Must specify the AttributesToGet or ProjectionExpression when choosing to get "
     "SPECIFIC_ATTRIBUTES"),
    ({"KeyConditionExpression": "pk = :p AND sk = :n", "IndexName": "none"},
     "The table does not have the specified index: none"),
    ({"KeyConditionExpression": "pk = :p AND sk > :n",
      "ExclusiveStartKey": {"pk": {"S": "b"}, "sk": {"N": "5"}}},
     "The provided starting key is outside query boundaries based on provided conditions"),
    ({"KeyConditionExpression": "pk = :p AND sk > :n",
      "ExclusiveStartKey": {"pk": {"S": "a"}, "sk": {"N": "0"}}},
     "The provided starting key does not match the range key predicate"),
    ({"KeyConditionExpression": "pk = :p AND sk > :n", "ExclusiveStartKey": {"pk": {"S": "a"}}},
     "The provided starting key is invalid"),
])
def test_queries_are_judged(dynamodb, table, parameters, message):
    expression = parameters.get("KeyConditionExpression", "") + parameters.get("FilterExpression", "")
    values = {name: value for name, value in {":p": {"S": "a"}, ":n": {"N": "1"}}.items()
              if name in expression}
    if values:
        parameters = {**parameters, "ExpressionAttributeValues": values}
    assert message_of(dynamodb.query, TableName=table, **parameters) == message


@pytest.mark.parametrize("parameters, message", [
    ({"Segment": 0}, "The TotalSegments parameter is required but was not present in the request when "
                     "Segment parameter is present"),
    ({"TotalSegments": 4}, "The Segment parameter is required but was not present in the request when "
                           "parameter TotalSegments is present"),
    ({"Segment": 5, "TotalSegments": 5},
     "The Segment parameter is zero-based and must be less than parameter TotalSegments: Segment: 5 is "
     "not less than TotalSegments: 5"),
    ({"ExclusiveStartKey": {"pk": {"S": "a"}}},
     "The provided starting key is invalid: The provided key element does not match the schema"),
])
def test_scans_are_judged(dynamodb, table, parameters, message):
    assert message_of(dynamodb.scan, TableName=table, **parameters) == message
