"""DynamoDB Local, Amazon's own, from Maven Central."""

import pathlib
import shutil

import packages
from child import Child, free_port, is_listening
from conditions import on_core
from peers.aws_peer import TABLE_WORKS, AwsPeer
from peers.peer import Unavailable

VERSION = "2.6.1"
NATIVE_VERSION = "1.0.392"


class DynamodbLocal(AwsPeer):
    name = "DynamoDB Local"
    durability = "a SQLite file (-dbPath), with the settings that it comes with"
    signatures = "form alone, not the signature"
    has_tables = True
    works = TABLE_WORKS

    def install(self):
        if not shutil.which("java"):
            raise Unavailable("there is no Java (Debian: openjdk-17-jre-headless)")
        packages.maven([f"com.amazonaws:DynamoDBLocal:{VERSION}",
                        "com.almworks.sqlite4java:libsqlite4java-linux-amd64:"
                        f"{NATIVE_VERSION}:so"], self.folder)

    def version(self):
        return VERSION

    def launch(self):
        self.port = free_port()
        libraries = pathlib.Path(self.folder, "lib")
        self.child = Child(
            ["java", f"-Dsqlite4java.library.path={libraries}", "-cp", f"{libraries}/*",
             "com.amazonaws.services.dynamodbv2.local.main.ServerRunner", "-port", self.port,
             "-dbPath", self.data, "-disableTelemetry"],
            self.data / "log", on_core(self.conditions.server_core))
        self.child.wait_until(lambda: is_listening(self.port))
