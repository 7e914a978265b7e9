"""TLS on the port of cleartext: real clients that check the certificate, and what the server shows."""

import hashlib
import http.client
import re
import ssl
import stat
import subprocess
import urllib.request

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import SSLError

from http2_client import Http2Client
from server_process import ServerProcess

pytestmark = pytest.mark.local

KEYS = {"aws_access_key_id": "millstream", "aws_secret_access_key": "millstream",
        "region_name": "us-east-1"}


def get(server, path):
    with urllib.request.urlopen(f"{server.endpoint}/_millstream/{path}", timeout=30) as answer:
        return answer.headers, answer.read()


def fingerprint(pem):
    der = ssl.PEM_cert_to_DER_cert(pem)
    return ":".join(f"{byte:02X}" for byte in hashlib.sha256(der).digest())


@pytest.fixture(scope="module")
def certificate(server, tmp_path_factory):
    """The path of the server's certificate, as a user would fetch it."""
    path = tmp_path_factory.mktemp("tls") / "certificate.pem"
    path.write_bytes(get(server, "certificate")[1])
    return path


def https_client(server, service, verify, host="127.0.0.1"):
    return boto3.client(service, endpoint_url=f"https://{host}:{server.port}", verify=str(verify),
                        config=Config(retries={"max_attempts": 0}), **KEYS)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost"])
def test_boto3_checks_the_certificate_and_is_served(server, certificate, unique_name, host):
    kinesis = https_client(server, "kinesis", certificate, host)
    name = unique_name("tls")
    kinesis.create_stream(StreamName=name, ShardCount=1)
    kinesis.get_waiter("stream_exists").wait(StreamName=name, WaiterConfig={"Delay": 1})
    data = b"x" * 1_000_000
    put = kinesis.put_record(StreamName=name, Data=data, PartitionKey="k")
    iterator = kinesis.get_shard_iterator(StreamName=name, ShardId=put["ShardId"],
                                          ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    assert [record["Data"] for record in kinesis.get_records(ShardIterator=iterator)["Records"]] == [data]
    kinesis.delete_stream(StreamName=name)


def test_a_client_that_believes_another_certificate_goes_away(server, tmp_path):
    other, _ = openssl_certificate(tmp_path)
    with pytest.raises(SSLError):
        https_client(server, "kinesis", other).list_streams()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_http11_and_http2_are_chosen_by_alpn(server, certificate, version):
    context = ssl.create_default_context(cafile=certificate)
    context.minimum_version = context.maximum_version = version
    connection = http.client.HTTPSConnection("127.0.0.1", server.port, context=context, timeout=30)
    connection.request("GET", "/_millstream/health")
    assert connection.getresponse().status == 200
    connection.close()

    context.set_alpn_protocols(["h2", "http/1.1"])

    def wrap(plain):
        secured = context.wrap_socket(plain, server_hostname="localhost")
        assert secured.selected_alpn_protocol() == "h2"
        assert secured.version() == version.name.replace("_", ".")
        return secured
    client = Http2Client(server.port, wrap)
    streams = [client.open(b"{}") for _ in range(5)]
    client.wait(*streams)
    assert [client.status[stream] for stream in streams] == [200] * 5
    client.close()


def test_the_certificate_is_shown_and_lasts_over_restarts(tmp_path):
    server = ServerProcess(tmp_path / "data").start()
    headers, pem = get(server, "certificate")
    shown = fingerprint(pem.decode())
    assert headers["x-certificate-sha256"] == shown
    assert re.search(f"certificate SHA-256 {shown}\n", server.log.read_text())
    kept = server.data / "tls.pem"
    assert stat.S_IMODE(kept.stat().st_mode) == 0o600
    assert b"PRIVATE KEY" in kept.read_bytes() and b"PRIVATE KEY" not in pem
    assert server.stop() == 0
    server.start()
    assert get(server, "certificate")[1] == pem
    assert server.stop() == 0


def openssl_certificate(folder):
    certificate, key = folder / "own.pem", folder / "own.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2",
                    "-subj", "/CN=own", "-addext", "subjectAltName=IP:127.0.0.1",
                    "-out", certificate, "-keyout", key], check=True, capture_output=True)
    return certificate, key


def test_a_given_certificate_is_used_instead(tmp_path):
    certificate, key = openssl_certificate(tmp_path)
    server = ServerProcess(tmp_path / "data", "--tls-certificate", str(certificate),
                           "--tls-key", str(key)).start()
    assert https_client(server, "kinesis", certificate).list_streams()["StreamNames"] == []
    assert not (server.data / "tls.pem").exists()
    assert server.stop() == 0


@pytest.mark.parametrize("options, reason", [
    (["own.pem"], "--tls-certificate and --tls-key go together"),
    (["own.pem", "gone.key"], "The TLS key can't be used: "),
    (["own.key", "own.key"], "There is no certificate in PEM"),
    (["own.pem", "other.key"], "The key isn't the certificate's"),
])
def test_files_that_cannot_be_used_stop_the_start(tmp_path, options, reason):
    openssl_certificate(tmp_path)
    (tmp_path / "other").mkdir()
    openssl_certificate(tmp_path / "other")[1].rename(tmp_path / "other.key")
    arguments = [word for flag, name in zip(("--tls-certificate", "--tls-key"), options)
                 for word in (flag, str(tmp_path / name))]
    server = ServerProcess(tmp_path / "data", *arguments)
    with pytest.raises(RuntimeError, match="the server ended with"):
        server.start()
    assert reason in server.log.read_text()
