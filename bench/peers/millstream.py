"""Millstream itself, one reactor, every signature checked."""

import json
import pathlib
import subprocess
import urllib.request

from child import Child, free_port
from conditions import ACCESS_KEY_ID, SECRET_ACCESS_KEY, on_core
from peers.aws_peer import AwsPeer
from peers.peer import Unavailable
from works import BY_KEY


class Millstream(AwsPeer):
    name = "Millstream"
    signatures = "checked on each request"
    has_streams = has_tables = True
    works = dict.fromkeys(BY_KEY, "")

    def __init__(self, conditions, options=()):
        super().__init__(conditions)
        self.durability = {"fsync": "fdatasync before each answer, shared by those that wait",
                           "none": "none: written, not synced"}[conditions.durability]
        self.options = options

    def install(self):
        for program in (self.binary, self.conditions.build / "bench" / "load_generator"):
            if not program.exists():
                raise Unavailable(f"{program.name} isn't built: "
                                  "tools/build.sh release millstream load_generator")

    @property
    def binary(self):
        return self.conditions.build / "millstream"

    def version(self):
        return subprocess.check_output([self.binary, "version"], text=True).split()[-1]

    def launch(self):
        configuration = pathlib.Path(self.data, "millstream.toml")
        configuration.write_text(f'[[keys]]\naccess_key_id = "{ACCESS_KEY_ID}"\n'
                                 f'secret_access_key = "{SECRET_ACCESS_KEY}"\n', encoding="utf-8")
        self.port = free_port()
        self.child = Child(
            [self.binary, "serve", "--config", configuration, "--listen", f"127.0.0.1:{self.port}",
             "--data", self.data / "data", "--durability", self.conditions.durability, "--threads",
             "1", *self.options],
            self.data / "log", on_core(self.conditions.server_core))
        self.child.wait_until(lambda: self.health().get("ready"))

    def health(self):
        try:
            with urllib.request.urlopen(f"{self.endpoint}/_millstream/health", timeout=5) as answer:
                return json.load(answer)
        except OSError:
            return {}
