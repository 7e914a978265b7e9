"""JavaScript functions, and functions through the JavaScript SDK."""

import base64
import io
import json
import zipfile

import pytest

ROLE = "arn:aws:iam::000000000000:role/worker"


@pytest.fixture
def run(client, unique_name):
    """run("app.mjs", source, event) makes a function, calls it, gives (payload, log)."""
    lambda_ = client("lambda")
    names = []

    def call(file, source, event=None, handler="app.handler", **options):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr(file, source)
        names.append(unique_name("script"))
        lambda_.create_function(FunctionName=names[-1], Runtime="nodejs24.x", Handler=handler,
                                Role=ROLE, Code={"ZipFile": buffer.getvalue()}, MemorySize=256,
                                Timeout=20, **options)
        answer = lambda_.invoke(FunctionName=names[-1], Payload=json.dumps(event), LogType="Tail")
        payload = answer["Payload"].read()
        return json.loads(payload), base64.b64decode(answer["LogResult"]).decode()

    yield call
    for name in names:
        lambda_.delete_function(FunctionName=name)


@pytest.mark.parametrize("file, source", [
    ("app.mjs", "export const handler = async (event) => event * 2;"),
    ("app.js", "exports.handler = async (event) => event * 2;"),
    ("app.cjs", "exports.handler = (event) => Promise.resolve(event * 2);"),
    ("app.js", "exports.handler = (event, context, callback) =>"
               " { setTimeout(() => callback(null, event * 2), 5); };"),
    ("src/app.js", "exports.handler = async (event) => event * 2;"),
])
def test_the_kinds_of_handlers(run, file, source):
    handler = file.rsplit(".", 1)[0] + ".handler"
    assert run(file, source, 21, handler=handler)[0] == 42


def test_console_lines(run):
    _, log = run("app.js", "exports.handler = async () => { console.log('a %d', 1, {b: 2});"
                           " console.error('two\\nlines'); };")
    assert "\tINFO\ta 1 { b: 2 }\n" in log
    assert "\tERROR\ttwo\nlines\n" in log


@pytest.mark.parametrize("source, kind, message", [
    ("exports.handler = async () => { throw new TypeError('no'); };", "TypeError", "no"),
    ("exports.handler = (e, c, callback) => callback('text');", "string", "text"),
    ("exports.other = 1;", "Runtime.HandlerNotFound", "app.handler is undefined or not exported"),
    ("require('absent');", "Runtime.ImportModuleError", "Cannot find module 'absent'"),
    ("exports.handler = async () => { process.exit(3); };", "Runtime.ExitError", "exit status 3"),
    ("exports.handler = async () => { const a = {}; a.a = a; return a; };", "Runtime.MarshalError",
     "Unable to stringify response body"),
])
def test_errors(run, source, kind, message):
    payload, _ = run("app.js", source)
    assert payload["errorType"] == kind, payload
    assert message in payload["errorMessage"], payload


def test_the_sdk_reaches_the_server_with_no_endpoint_in_the_code(run, client, unique_name):
    name = unique_name("table")
    table = client("dynamodb")
    table.create_table(TableName=name, BillingMode="PAY_PER_REQUEST",
                       KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
                       AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}])
    for file, head in [("app.mjs", "import { DynamoDBClient, PutItemCommand } from"
                                   " '@aws-sdk/client-dynamodb'; export"),
                       ("app.js", "const { DynamoDBClient, PutItemCommand } ="
                                  " require('@aws-sdk/client-dynamodb');")]:
        source = head + """ const handler = async (event) => {
  const client = new DynamoDBClient({});
  await client.send(new PutItemCommand({ TableName: event, Item: { id: { S: '%s' } } }));
  return 'put';
};""" % file
        if file == "app.js":
            source += " exports.handler = handler;"
        payload, log = run(file, source, name)
        assert payload == "put", log
    assert table.scan(TableName=name)["Count"] == 2
    table.delete_table(TableName=name)


def test_invoke_through_the_javascript_sdk(node, client, unique_name):
    lambda_, name = client("lambda"), unique_name("echo")
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("app.py", "def handler(event, context):\n    return event\n")
    lambda_.create_function(FunctionName=name, Runtime="python3.13", Handler="app.handler", Role=ROLE,
                            Code={"ZipFile": buffer.getvalue()})
    answer = node("""
import { LambdaClient, InvokeCommand, GetFunctionCommand } from "@aws-sdk/client-lambda";
const client = new LambdaClient({});
const out = await client.send(new InvokeCommand({ FunctionName: input.name, Payload: '{"a":1}' }));
let missing;
try { await client.send(new GetFunctionCommand({ FunctionName: "absent" })); }
catch (problem) { missing = problem.name; }
console.log(JSON.stringify({ status: out.StatusCode, body: Buffer.from(out.Payload).toString(), missing }));
""", name=name)
    assert answer == {"status": 200, "body": '{"a": 1}', "missing": "ResourceNotFoundException"}
    lambda_.delete_function(FunctionName=name)
