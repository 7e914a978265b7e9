#!/usr/bin/env python3
"""Clients that a server must be able to bear, all of them from this one process:

- idle ones, that connect and never say anything;
- slow ones, that send a byte of a request now and then, in the header or in a body that they
  announced as large;
- a flood of new ones, that connect, stay for a while or send a whole request, and go.

    crowd.py --port 4566 --idle 5000 --slow 500 --flood 2000

Prints "ready" once the idle and the slow ones are connected, goes on until its stdin closes, and ends
with one line of JSON: how many it connected, and how many of them the server closed.
"""

import argparse
import collections
import errno
import json
import resource
import select
import socket
import sys

TICK_SECONDS = 0.01
SLOW_SHARE = 50  # each slow client sends a byte every so many ticks
FLOOD_A_TICK = 10
BODY_BYTES = 60_000_000
HEADER = "POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Amz-Target: Kinesis_20131202.PutRecords\r\n"
UPLOAD = (HEADER + "Authorization: AWS4-HMAC-SHA256 Credential=crowd/20260101/us-east-1/kinesis/"
          "aws4_request, SignedHeaders=host, Signature=0\r\nX-Amz-Date: 20260101T000000Z\r\n"
          f"Content-Length: {BODY_BYTES}\r\n\r\n").encode()
ENDLESS_HEADER = (HEADER + "X-Slow: ").encode()
WHOLE_REQUEST = b"GET /_millstream/health HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"


class Client:
    """A connection that goes through `start`, then sends `rest` again and again, byte by byte."""

    def __init__(self, port, start=b"", rest=b""):
        self.rest = rest
        self.sent = 0
        self.socket = socket.socket()
        self.socket.setblocking(False)
        result = self.socket.connect_ex(("127.0.0.1", port))
        self.open = result in (0, errno.EINPROGRESS)
        self.start = start

    def send(self, data):
        try:
            return self.socket.send(data)
        except BlockingIOError:
            return 0
        except OSError:
            self.open = False
            return 0

    def tick(self):
        """The next byte, or all of the start."""
        if self.start:
            self.start = self.start[self.send(self.start):]
        elif self.rest:
            self.sent += self.send(self.rest[self.sent % len(self.rest):][:1])

    def is_open(self):
        """Takes what the server sent; notices that it closed."""
        while self.open:
            try:
                self.open = bool(self.socket.recv(65536))
            except BlockingIOError:
                return True
            except OSError:
                self.open = False
        return False


class Crowd:
    def __init__(self, arguments):
        self.arguments = arguments
        self.idle = []
        self.slow = []
        self.flood = collections.deque()
        self.counts = collections.Counter()

    def connect(self, start=b"", rest=b""):
        self.counts["connected"] += 1
        return Client(self.arguments.port, start, rest)

    def slow_client(self):
        self.counts["slow"] += 1
        return (self.connect(UPLOAD, b"x") if self.counts["slow"] % 2
                else self.connect(ENDLESS_HEADER, b"x"))

    def assemble(self):
        while len(self.idle) < self.arguments.idle:
            self.idle.append(self.connect())
        while len(self.slow) < self.arguments.slow:
            self.slow.append(self.slow_client())

    def tick(self, number):
        """The slow ones' next byte, some new clients, and the places of closed ones taken again."""
        for index in range(number % SLOW_SHARE, len(self.slow), SLOW_SHARE):
            self.slow[index].tick()
            if not self.slow[index].is_open():
                self.counts["closed"] += 1
                self.slow[index].socket.close()
                self.slow[index] = self.slow_client()
        for index in range(number % 1000, len(self.idle), 1000):
            if not self.idle[index].is_open():
                self.counts["closed"] += 1
                self.idle[index].socket.close()
                self.idle[index] = self.connect()
        for _ in range(FLOOD_A_TICK if self.arguments.flood else 0):
            self.counts["flood"] += 1
            self.flood.append(self.connect(WHOLE_REQUEST if self.counts["flood"] % 2 else b""))
            self.flood[-1].tick()
            while len(self.flood) > self.arguments.flood:
                gone = self.flood.popleft()
                self.counts["closed"] += not gone.is_open()
                gone.socket.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--idle", type=int, default=5000)
    parser.add_argument("--slow", type=int, default=500)
    parser.add_argument("--flood", type=int, default=2000, help="how many of its last ones stay")
    arguments = parser.parse_args()
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    crowd = Crowd(arguments)
    crowd.assemble()
    print("ready", flush=True)
    number = 0
    while not select.select([sys.stdin], [], [], TICK_SECONDS)[0]:
        crowd.tick(number)
        number += 1
    print(json.dumps(crowd.counts))


if __name__ == "__main__":
    main()
