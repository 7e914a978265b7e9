"""Fixtures for the tests that talk to a running server.

MILLSTREAM_TEST_TARGET=aws runs the conformance tests against AWS itself, with the credentials and
the region of the environment; tests marked `local` are left out then.
"""

import itertools
import os
import uuid

import boto3
import pytest
from botocore.config import Config

from server_process import ServerProcess

ON_AWS = os.environ.get("MILLSTREAM_TEST_TARGET") == "aws"
REGION = os.environ.get("AWS_REGION", "us-east-1")
CREDENTIALS = {"aws_access_key_id": "millstream", "aws_secret_access_key": "millstream"}


def pytest_collection_modifyitems(items):
    if not ON_AWS:
        return
    for item in items:
        if item.get_closest_marker("local") or "server" in item.fixturenames:
            item.add_marker(pytest.mark.skip(reason="needs a server of our own"))


@pytest.fixture(scope="session")
def server(tmp_path_factory):
    """One server for all tests; it must end well when it is asked to."""
    running = ServerProcess(tmp_path_factory.mktemp("server") / "data").start()
    yield running
    assert running.is_alive(), f"the server died:\n{running.log_end()}"
    assert running.stop() == 0, f"the server didn't stop well:\n{running.log_end()}"


@pytest.fixture(autouse=True)
def stop_when_the_server_died(request):
    """One clear end instead of an error a test."""
    wanted = {"server", "endpoint", "client"} & set(request.fixturenames)
    running = request.getfixturevalue("server") if wanted and not ON_AWS else None
    yield
    if running and not running.is_alive():
        pytest.exit(f"the server died in {request.node.nodeid}:\n{running.log_end()}", 1)


@pytest.fixture(scope="session")
def endpoint(request):
    """Where the service is; None on AWS, where every service has its own place."""
    return None if ON_AWS else request.getfixturevalue("server").endpoint


@pytest.fixture(scope="session")
def client(endpoint):
    """client("kinesis") makes a boto3 client, as every user does; retries are off by default."""
    def make(service, **options):
        options.setdefault("config", Config(retries={"mode": "standard", "max_attempts": 1},
                                            read_timeout=70))
        options.setdefault("region_name", REGION)
        if endpoint:
            options = {"endpoint_url": endpoint, **CREDENTIALS, **options}
        return boto3.client(service, **options)
    return make


@pytest.fixture(scope="session")
def environment(endpoint):
    """Variables that lead any SDK or tool to the server under test."""
    variables = dict(os.environ, AWS_REGION=REGION, AWS_DEFAULT_REGION=REGION, AWS_PAGER="")
    if endpoint:
        variables.update(AWS_ENDPOINT_URL=endpoint, AWS_ACCESS_KEY_ID="millstream",
                         AWS_SECRET_ACCESS_KEY="millstream")
    return variables


@pytest.fixture(scope="session")
def unique_name():
    """unique_name("stream") makes a name that no other test or run uses."""
    run = uuid.uuid4().hex[:8]
    numbers = itertools.count()
    return lambda prefix="test": f"{prefix}-{run}-{next(numbers)}"
