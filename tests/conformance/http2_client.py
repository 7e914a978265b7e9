"""An HTTP/2 client frame by frame, on h2."""

import socket

import h2.config
import h2.connection
import h2.events
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

from wire import REGION

TARGET = "Kinesis_20131202.ListStreams"


class Http2Client:
    """One connection with prior knowledge; requests are signed as any client's. `wrap(socket)` puts
    TLS over it."""

    def __init__(self, port, wrap=lambda plain: plain):
        self.host = f"127.0.0.1:{port}"
        self.socket = wrap(socket.create_connection(("127.0.0.1", port), timeout=30))
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
