"""HTTP/2 without TLS, frame by frame: what one stream does wrong harms no other."""

import socket

import pytest

from http2_client import Http2Client

pytestmark = [pytest.mark.local, pytest.mark.sanitizers]


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
