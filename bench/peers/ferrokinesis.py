"""ferrokinesis, a Kinesis server for tests, from crates.io, with its durable mode on."""

import packages
from child import Child, free_port, is_listening
from conditions import on_core
from peers.aws_peer import STREAM_WORKS, AwsPeer

VERSION = "0.7.0"


class Ferrokinesis(AwsPeer):
    name = "ferrokinesis"
    durability = "--state-dir: its log is synced for each request by itself; reads come from memory"
    signatures = "form alone, not the signature"
    has_streams = True
    works = STREAM_WORKS

    def install(self):
        packages.cargo("ferrokinesis", VERSION, self.folder)

    def version(self):
        return VERSION

    def launch(self):
        self.port = free_port()
        self.child = Child(
            [self.folder / "bin" / "ferrokinesis", "serve", "--port", self.port, "--state-dir",
             self.data / "state", "--create-stream-ms", "0", "--shard-limit", "1000",
             "--log-level", "error"],
            self.data / "log", on_core(self.conditions.server_core))
        self.child.wait_until(lambda: is_listening(self.port))
