"""Dynoxide, a DynamoDB server for tests, from crates.io, on a file."""

import packages
from child import Child, free_port, is_listening
from conditions import on_core
from peers.aws_peer import TABLE_WORKS, AwsPeer

VERSION = "3.2.0"


class Dynoxide(AwsPeer):
    name = "Dynoxide"
    durability = "a SQLite file (--db-path): WAL, synchronous=FULL, each write synced by itself"
    signatures = "form alone, not the signature"
    has_tables = True
    works = TABLE_WORKS

    def install(self):
        packages.cargo("dynoxide-rs", VERSION, self.folder)

    def version(self):
        return VERSION

    def launch(self):
        self.port = free_port()
        self.child = Child(
            [self.folder / "bin" / "dynoxide", "--port", self.port, "--db-path",
             self.data / "tables.db"],
            self.data / "log", on_core(self.conditions.server_core))
        self.child.wait_until(lambda: is_listening(self.port))
