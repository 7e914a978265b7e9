"""Redis with an append-only file that is synced before each answer."""

import subprocess

import packages
from child import Child, free_port, is_listening
from conditions import on_core
from load import measure, run_load
from peers.peer import Peer
from works import BY_KEY

WORKLOADS = {"put_item": "redis_set", "get_item": "redis_get", "update_item_hot": "redis_incr",
             "put_item_single": "redis_set"}


class Redis(Peer):
    name = "Redis"
    durability = ("appendonly yes, appendfsync always: fdatasync once an event loop, before its "
                  "answers")
    signatures = "none"
    works = {"put_item": "SET 1 KB", "get_item": "GET 1 KB", "update_item_hot": "INCR",
             "put_item_single": "SET 1 KB"}

    def install(self):
        packages.debian("redis-server", self.folder)

    @property
    def binary(self):
        return self.folder / "root/usr/bin/redis-server"

    @property
    def environment(self):
        return packages.debian_environment(self.folder)

    def version(self):
        text = subprocess.check_output([self.binary, "--version"], env=self.environment, text=True)
        return text.split("v=")[1].split()[0]

    def start(self):
        self.new_data()
        self.port = free_port()
        self.child = Child(
            [self.binary, "--port", self.port, "--bind", "127.0.0.1", "--dir", self.data,
             "--appendonly", "yes", "--appendfsync", "always", "--save", ""],
            self.data / "log", on_core(self.conditions.server_core), self.environment)
        self.child.wait_until(lambda: is_listening(self.port))

    def run(self, work):
        if work == "get_item":
            run_load(self.conditions, self.port, "redis_set", protocol="resp", requests=10_000,
                     seconds=120)
        return measure(self.conditions, self.child, self.port, WORKLOADS[work], protocol="resp",
                       connections=BY_KEY[work].connections or self.conditions.connections)
