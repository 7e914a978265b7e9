"""What a function can and can't do to the machine that runs it."""

import io
import json
import zipfile

import pytest
from botocore.exceptions import ClientError

pytestmark = pytest.mark.local


@pytest.fixture
def run(client, unique_name):
    """run(code) makes a function of the body of its handler, calls it once and gives its answer."""
    lambda_ = client("lambda")
    names = []

    def call(body, **options):
        buffer = io.BytesIO()
        source = "import os, subprocess, socket, json\ndef handler(event, context):\n" + "".join(
            f"    {line}\n" for line in body.strip().splitlines())
        with zipfile.ZipFile(buffer, "w") as archive:
            archive.writestr("app.py", source)
        name = unique_name("isolated")
        names.append(name)
        lambda_.create_function(**{
            "FunctionName": name, "Runtime": "python3.13", "Handler": "app.handler", "Timeout": 20,
            "Role": "arn:aws:iam::000000000000:role/worker",
            "Code": {"ZipFile": buffer.getvalue()}, **options})
        answer = lambda_.invoke(FunctionName=name, Payload=json.dumps(None))
        return json.loads(answer["Payload"].read())

    yield call
    for name in names:
        lambda_.delete_function(FunctionName=name)


def test_sees_no_file_of_the_host(run):
    seen = run("return {p: sorted(os.listdir(p)) for p in ('/', '/tmp', '/etc', '/var')}")
    assert seen["/tmp"] == []
    assert "shadow" not in seen["/etc"]
    assert set(seen["/"]) <= {"bin", "dev", "etc", "lib", "lib32", "lib64", "libx32", "node_modules",
                              "opt", "proc", "root", "sbin", "tmp", "usr", "var", "home", "work"}
    assert seen["/var"] == ["lang", "runtime", "task"]


def test_cannot_write_its_code(run):
    assert "Read-only" in run("""
try:
    open('/var/task/x', 'w')
except OSError as problem:
    return str(problem)
""")


def test_is_an_ordinary_user_without_new_rights(run):
    status = run("return open('/proc/self/status').read()")
    fields = dict(line.split(":\t", 1) for line in status.splitlines() if ":\t" in line)
    assert fields["NoNewPrivs"] == "1" and fields["Seccomp"] == "2"
    assert int(fields["CapEff"], 16) == 0 and int(fields["CapBnd"], 16) == 0
    assert fields["Uid"].split()[0] != "0"


def test_sees_its_own_processes_only(run):
    assert len(run("return [p for p in os.listdir('/proc') if p.isdigit()]")) == 2


def test_reaches_nothing_but_its_two_listeners(run, server):
    port = int(server.endpoint.rsplit(":", 1)[1])
    answers = run(f"""
found = {{}}
for host, port in [('127.0.0.1', 4566), ('127.0.0.1', 9001), ('127.0.0.1', {port}), ('10.0.0.1', 80)]:
    with socket.socket() as s:
        s.settimeout(2)
        found[str(port)] = s.connect_ex((host, port)) == 0
return found
""")
    expected = {"4566": True, "9001": True, "80": False}
    if port != 4566:
        expected[str(port)] = False
    assert answers == expected


def test_another_ones_key_is_refused(run, server):
    """Only the environment's own credentials are good on its endpoint."""
    answer = run("""
import boto3
try:
    boto3.client('kinesis', aws_access_key_id='someone', aws_secret_access_key='else',
                 aws_session_token='x').list_streams()
except Exception as problem:
    return type(problem).__name__
return 'allowed'
""", MemorySize=256)
    assert answer != "allowed"


def test_dies_of_too_much_memory_and_the_server_lives(run, server):
    body = run("return len(bytearray(512 << 20))", MemorySize=128)
    assert body["errorType"] in ("Runtime.ExitError", "MemoryError"), body
    assert server.is_alive()
    assert run("return 'well'") == "well"


def test_tmp_has_its_size(run):
    assert "No space left" in run("""
try:
    with open('/tmp/big', 'wb') as f:
        for _ in range(700):
            f.write(bytes(1 << 20))
except OSError as problem:
    return str(problem)
return 'fits'
""", MemorySize=2048)


def test_a_role_that_it_assumes_is_good_inside_only(run, client, unique_name):
    iam = client("iam")
    name = unique_name("role")
    trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"AWS": "*"}}
    role = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps({
        "Version": "2012-10-17", "Statement": [trust]}))["Role"]
    try:
        answer = run(f"""
import boto3
keys = boto3.client('sts').assume_role(RoleArn='{role["Arn"]}', RoleSessionName='me')['Credentials']
session = boto3.Session(keys['AccessKeyId'], keys['SecretAccessKey'], keys['SessionToken'])
session.client('kinesis').list_streams()
del keys['Expiration']
return {{'arn': session.client('sts').get_caller_identity()['Arn'], 'keys': keys}}
""")
    finally:
        iam.delete_role(RoleName=name)
    assert answer["arn"].endswith(f":assumed-role/{name}/me")
    outside = client("kinesis", aws_access_key_id=answer["keys"]["AccessKeyId"],
                     aws_secret_access_key=answer["keys"]["SecretAccessKey"],
                     aws_session_token=answer["keys"]["SessionToken"])
    with pytest.raises(ClientError) as caught:
        outside.list_streams()
    assert caught.value.response["Error"]["Code"] == "UnrecognizedClientException"
