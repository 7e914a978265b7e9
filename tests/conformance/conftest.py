"""The other clients of the conformance tests: the aws command and the JavaScript SDK."""

import json
import pathlib
import subprocess

import pytest

from server_process import ServerProcess

ROOT = pathlib.Path(__file__).resolve().parents[2]
COMMAND_SECONDS_MAX = 120


@pytest.fixture(scope="session")
def aws(environment):
    """aws("kinesis", "list-streams") runs the real command and returns what it prints, read as JSON.
    `fails=True` expects an error and returns its text."""
    def run(*arguments, fails=False):
        done = subprocess.run([ROOT / ".venv/bin/aws", "--output", "json", *arguments],
                              env=environment, capture_output=True, text=True,
                              timeout=COMMAND_SECONDS_MAX, check=False)
        if fails:
            assert done.returncode != 0, done.stdout
            return done.stderr
        assert done.returncode == 0, done.stderr + done.stdout
        try:
            return json.loads(done.stdout) if done.stdout.strip() else None
        except json.JSONDecodeError:
            return done.stdout
    return run


@pytest.fixture(scope="session")
def node(environment):
    """node(script) runs an ES module with the AWS SDK v3 at hand and returns what it prints as
    JSON. Values are handed in as `input`."""
    def run(script, **values):
        source = f"const input = {json.dumps(values)};\n{script}"
        done = subprocess.run([ROOT / ".tools/node/bin/node", "--input-type=module", "--eval", source],
                              env=environment, cwd=ROOT / ".tools", capture_output=True, text=True,
                              timeout=COMMAND_SECONDS_MAX, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)
    return run


@pytest.fixture(scope="session")
def kinesis(client):
    return client("kinesis")


@pytest.fixture
def make_stream(kinesis, unique_name):
    """make_stream(ShardCount=2) makes a stream and gives its name; gone behind the test."""
    made = []

    def make(**parameters):
        name = unique_name("stream")
        if "StreamModeDetails" not in parameters:
            parameters.setdefault("ShardCount", 1)
        kinesis.create_stream(StreamName=name, **parameters)
        made.append(name)
        kinesis.get_waiter("stream_exists").wait(StreamName=name, WaiterConfig={"Delay": 1})
        return name
    yield make
    for name in made:
        try:
            kinesis.delete_stream(StreamName=name, EnforceConsumerDeletion=True)
        except kinesis.exceptions.ResourceNotFoundException:
            pass


@pytest.fixture
def one_shard(make_stream):
    """A stream of one shard."""
    return make_stream()


@pytest.fixture
def on_demand(make_stream):
    """A stream in on-demand mode."""
    return make_stream(StreamModeDetails={"StreamMode": "ON_DEMAND"})


@pytest.fixture
def summary(kinesis):
    """summary(name) is what DescribeStreamSummary says of the stream."""
    return lambda name: kinesis.describe_stream_summary(
        StreamName=name)["StreamDescriptionSummary"]


@pytest.fixture
def own_server(tmp_path):
    """own_server("--quota", "kinesis.shards=5") starts a server for this test alone."""
    servers = []

    def start(*options):
        server = ServerProcess(tmp_path / f"data{len(servers)}", *options).start()
        servers.append(server)
        return server
    yield start
    for server in servers:
        assert server.stop() == 0, server.log_end()
