"""The other clients of the conformance tests: the aws command and the JavaScript SDK."""

import json
import pathlib
import subprocess

import pytest

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
