"""What the server says of a data directory that it can't use: one clear sentence, and status 1."""

import os
import pathlib
import shutil
import stat
import struct
import subprocess
import tempfile

import boto3
import pytest
from botocore.config import Config

from server_process import ServerProcess, binary

pytestmark = pytest.mark.local
NOBODY = 65534
RECORD = b"x" * 1_000_000


def serve(data, **options):
    return subprocess.run([binary(), "serve", "--listen", "127.0.0.1:0", "--data", str(data)],
                          capture_output=True, text=True, timeout=60, check=False, **options)


def refusal(data, **options):
    """The one sentence with which a start ends."""
    ended = serve(data, **options)
    assert ended.returncode == 1, ended.stderr
    assert ended.stdout == ""
    sentences = [line for line in ended.stderr.splitlines() if line.startswith("millstream: ")]
    assert len(sentences) == 1, ended.stderr
    return sentences[0].removeprefix("millstream: ")


def crc32c(data):
    value = 0xFFFFFFFF
    for byte in data:
        value ^= byte
        for _ in range(8):
            value = value >> 1 ^ (0x82F63B78 if value & 1 else 0)
    return value ^ 0xFFFFFFFF


@pytest.fixture(scope="module")
def used(tmp_path_factory):
    """The data directory of a stopped server whose log has two segments."""
    server = ServerProcess(tmp_path_factory.mktemp("used") / "data", "--durability", "none").start()
    kinesis = boto3.client("kinesis", endpoint_url=server.endpoint, region_name="us-east-1",
                           aws_access_key_id="any", aws_secret_access_key="any",
                           config=Config(retries={"max_attempts": 0}))
    kinesis.create_stream(StreamName="s", ShardCount=1)
    while len(segments(server.data)) < 2:
        kinesis.put_records(StreamName="s", Records=[{"Data": RECORD, "PartitionKey": "k"}] * 9)
    assert server.stop() == 0
    return server.data


@pytest.fixture
def data(used, tmp_path):
    """A copy of it."""
    return shutil.copytree(used, tmp_path / "data")


def segments(data):
    return sorted((data / "journal").glob("*.segment"))


def test_a_read_only_disk(tmp_path):
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m,ro", "tmpfs", str(disk)],
                             capture_output=True, text=True, check=False)
    if mounted.returncode != 0:
        pytest.skip(f"no file system can be mounted here: {mounted.stderr.strip()}")
    try:
        assert refusal(disk / "data") == (f"The data directory {disk}/data can't be used: cannot "
                                          f"make {disk}/data: Read-only file system.")
        assert refusal(disk) == (f"The data directory {disk} can't be used: cannot write to "
                                 f"{disk}/LOCK: Read-only file system.")
    finally:
        subprocess.run(["umount", str(disk)], check=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_a_directory_of_another_user(used):
    with tempfile.TemporaryDirectory() as place:  # pytest's own are closed to others
        os.chmod(place, 0o755)
        data = shutil.copytree(used, pathlib.Path(place) / "data")
        assert refusal(data, user=NOBODY) == (
            f"The data directory {data} can't be used: cannot write to {data}/LOCK: Permission "
            "denied.")


def test_a_file_in_its_place(tmp_path):
    file = tmp_path / "data"
    file.write_text("not a directory")
    assert refusal(file) == (f"The data directory {file} can't be used: {file} isn't a directory.")


def test_a_missing_segment(data):
    missing = segments(data)[0]
    missing.unlink()
    assert refusal(data).startswith(f"{missing} is missing: the log begins with segment 1")


def test_a_missing_newest_segment(data):
    segments(data)[-1].unlink()
    last = segments(data)[-1]
    assert refusal(data).startswith(f"{last} is damaged at byte ")


def test_a_missing_log(data):
    shutil.rmtree(data / "journal")
    assert refusal(data) == ("the journal is new, but the state store beside it isn't: the log was "
                             "deleted.")


def test_a_missing_state(data):
    shutil.rmtree(data / "state")
    served = ServerProcess(data).start()  # the log is whole: the state is made again from it
    assert served.stop() == 0


def test_a_damaged_segment(data):
    with open(segments(data)[-1], "r+b") as file:
        file.seek(600)
        file.write(b"damage")
    assert refusal(data).startswith(f"{segments(data)[-1]} is damaged at byte 512: group ")


def test_a_later_format(data):
    (data / "FORMAT").write_text("2\n")
    assert refusal(data) == (
        f"The data directory {data} has format 2, and this Millstream knows only format 1: use the "
        "version that wrote it, or another directory.")
    (data / "FORMAT").write_text("?\n")
    assert refusal(data) == (f"The data directory {data} can't be used: {data}/FORMAT holds no "
                             "number.")


def test_a_later_format_of_a_segment(data):
    segment = segments(data)[-1]
    with open(segment, "r+b") as file:
        header = bytearray(file.read(52))
        header[8] = 2
        header[48:52] = struct.pack("<I", crc32c(header[:48]))
        file.seek(0)
        file.write(header)
    assert refusal(data) == f"{segment} was written by a later Millstream."


def test_files_are_for_their_owner_alone(tmp_path):
    server = ServerProcess(tmp_path / "data").start()
    paths = [server.data, *server.data.rglob("*")]
    open_to_others = [path for path in paths
                      if not path.is_symlink() and path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO)]
    assert server.stop() == 0
    assert (server.data / "journal").exists()
    assert open_to_others == []
    assert "chmod" not in server.log.read_text()


def test_a_directory_that_others_may_read_is_told_of(tmp_path):
    (tmp_path / "data").mkdir(mode=0o755)
    server = ServerProcess(tmp_path / "data").start()
    assert server.stop() == 0
    assert f"other users of this machine may look into {server.data}" in server.log.read_text()
