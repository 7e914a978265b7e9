"""HTTP/2 without TLS, frame by frame: what one stream does wrong harms no other."""

import socket

import h2.config
import h2.connection
import h2.events
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from wire import REGION

pytestmark = [pytest.mark.local, pytest.mark.sanitizers]

TARGET = "Kinesis_20131202.ListStreams"


class Http2Client:
    """One connection with prior knowledge; requests are signed as any client's."""

    def __init__(self, port):
        self.host = f"127.0.0.1:{port}"
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=30)
        self.state = h2.connection.H2Connection(h2.config.H2Configuration(header_encoding="utf-8"))
        self.state.initiate_connection()
        self.flush()
        self.status = {}  # stream -> status
        self.bodies = {}
        self.ended = set()
        self.reset = set()

    def flush(self):
        self.socket.sendall(self.state.data_to_send())

    def open(self, body, end=True, target=TARGET):
        """Sends a request; without `end` its body stays open. Returns the stream's number."""
        headers = {"Host": self.host, "X-Amz-Target": target,
                   "Content-Type": "application/x-amz-json-1.1"}
        request = AWSRequest(method="POST", url=f"http://{self.host}/", data=body, headers=headers)
        SigV4Auth(Credentials("millstream", "millstream"), "kinesis", REGION).add_auth(request)
        fields = [(":method", "POST"), (":scheme", "http"), (":authority", self.host), (":path", "/")]
        fields += [(name.lower(), value) for name, value in request.headers.items()
                   if name.lower() != "host"]
        stream = self.state.get_next_available_stream_id()
        self.state.send_headers(stream, fields)
        self.state.send_data(stream, body, end_stream=end)
        self.flush()
        return stream

    def wait(self, *streams):
        """Reads until every stream has ended; the answers are in `status` and `bodies`."""
        while not all(stream in self.ended or stream in self.reset for stream in streams):
            data = self.socket.recv(65536)
            assert data, "the connection was closed"
            for event in self.state.receive_data(data):
                self.take(event)
            self.flush()

    def take(self, event):
        if isinstance(event, h2.events.ResponseReceived):
            self.status[event.stream_id] = int(dict(event.headers)[":status"])
        elif isinstance(event, h2.events.DataReceived):
            self.bodies[event.stream_id] = self.bodies.get(event.stream_id, b"") + event.data
            self.state.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.StreamEnded):
            self.ended.add(event.stream_id)
        elif isinstance(event, h2.events.StreamReset):
            self.reset.add(event.stream_id)

    def close(self):
        self.socket.close()


@pytest.fixture
def http2(server):
    client = Http2Client(server.port)
    yield client
    client.close()


def test_bad_bodies_get_their_errors_and_good_ones_their_answers(http2):
    good = [http2.open(b"{}") for _ in range(5)]
    bad = [http2.open(body) for body in (b"hello", b"[", b'{"Limit": 1e999}', b"\xff\xfe")]
    http2.wait(*good, *bad)
    assert [http2.status[stream] for stream in good] == [200] * 5
    assert [http2.status[stream] for stream in bad] == [400] * 4
    assert b"SerializationException" in http2.bodies[bad[0]]


def test_a_stream_that_is_reset_in_its_body_harms_no_other(http2):
    for _ in range(50):
        broken = http2.open(b'{"Limit":', end=False)
        http2.state.reset_stream(broken)
        http2.flush()
    good = http2.open(b"{}")
    http2.wait(good)
    assert http2.status[good] == 200


def test_a_stream_that_is_reset_before_its_answer_harms_no_other(http2):
    for _ in range(50):
        gone = http2.open(b"{}")
        http2.state.reset_stream(gone)
        http2.flush()
    good = http2.open(b"{}")
    http2.wait(good)
    assert http2.status[good] == 200


def test_a_body_that_never_ends_holds_up_nobody(http2):
    http2.open(b'{"Limit":', end=False)
    good = http2.open(b"{}")
    http2.wait(good)
    assert http2.status[good] == 200


@pytest.mark.parametrize("noise", [
    b"\xff" * 64,                                      # a frame far too large
    b"\x00\x00\x04\x08\x00\x00\x00\x00\x00" + b"\0" * 4,  # a window update by nothing
    b"\x00\x00\x05\x06\x00\x00\x00\x00\x00abcde",      # a ping of a wrong size
    b"\x00\x00\x01\x01\x04\x00\x00\x00\x01\xff",       # headers that can't be decoded
    b"\x00\x00\x00\x09\x04\x00\x00\x00\x05",           # a continuation of nothing
    b"\x00\x00\x03\x00\x00\x00\x00\x00\x63abc",        # data for a stream that isn't open
], ids=["size", "window", "ping", "headers", "continuation", "data"])
def test_broken_frames_end_that_connection_only(server, http2, noise):
    good = http2.open(b"{}")
    http2.wait(good)
    http2.socket.sendall(noise)
    http2.socket.shutdown(socket.SHUT_WR)
    while http2.socket.recv(65536):
        pass
    other = Http2Client(server.port)
    stream = other.open(b"{}")
    other.wait(stream)
    assert other.status[stream] == 200
    other.close()
