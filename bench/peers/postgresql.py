"""PostgreSQL with synchronous commits: one row a transaction, driven by its own pgbench."""

import os
import pathlib
import pwd
import shutil
import signal
import subprocess

import packages
from child import Child, free_port
from conditions import on_core
from figures import Figures, percentile
from peers.peer import Peer, Unavailable
from works import BY_KEY

SYSTEM = pathlib.Path("/usr/lib/postgresql/15/bin")
USER = "nobody"  # PostgreSQL refuses to run as root
ITEMS = 10_000
SETTINGS = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on",
            "shared_buffers": "256MB", "max_connections": "100", "listen_addresses": "127.0.0.1"}
TABLES = f"""
CREATE TABLE items (id bigint PRIMARY KEY, v text NOT NULL);
INSERT INTO items SELECT i, repeat(md5(i::text), 32) FROM generate_series(1, {ITEMS}) i;
CREATE TABLE hot (id bigint PRIMARY KEY, hits bigint NOT NULL);
INSERT INTO hot VALUES (1, 0);
CHECKPOINT;
"""
PUT = f"""\\set id random(1, {ITEMS})
INSERT INTO items VALUES (:id, repeat(md5(random()::text), 32))
ON CONFLICT (id) DO UPDATE SET v = excluded.v;
"""
SCRIPTS = {
    "put_item": PUT,
    "put_item_single": PUT,
    "put_item_conditional": f"""\\set id random(1, {ITEMS})
UPDATE items SET v = repeat(md5(random()::text), 32) WHERE id = :id;
""",
    "update_item_hot": "UPDATE hot SET hits = hits + 1 WHERE id = 1;\n",
    "get_item": f"\\set id random(1, {ITEMS})\nSELECT v FROM items WHERE id = :id;\n",
}


class Postgresql(Peer):
    name = "PostgreSQL"
    durability = ("fsync=on, synchronous_commit=on: fdatasync before each commit, shared by those "
                  "that wait")
    signatures = "none (trust)"
    works = {"put_item": "INSERT ... ON CONFLICT 1 KB",
             "put_item_single": "INSERT ... ON CONFLICT 1 KB",
             "put_item_conditional": "UPDATE 1 KB",
             "update_item_hot": "UPDATE hits + 1, one row", "get_item": "SELECT 1 KB"}

    def install(self):
        self.binaries = SYSTEM
        if not (SYSTEM / "initdb").exists() or not (SYSTEM / "pgbench").exists():
            packages.debian("postgresql-15", self.folder)
            self.binaries = self.folder / "root/usr/lib/postgresql/15/bin"
        if os.getuid() == 0 and not shutil.which("setpriv"):
            raise Unavailable("setpriv isn't there, and PostgreSQL doesn't run as root")

    @property
    def environment(self):
        return {} if self.binaries == SYSTEM else packages.debian_environment(self.folder)

    def version(self):
        text = subprocess.check_output([self.binaries / "postgres", "--version"], text=True,
                                       env={**os.environ, **self.environment})
        return text.split()[2]

    def start(self):
        self.new_data()
        unprivileged = []
        if os.getuid() == 0:
            user = pwd.getpwnam(USER)
            os.chown(self.data, user.pw_uid, user.pw_gid)
            unprivileged = ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}",
                            "--clear-groups"]
        packages.run([*unprivileged, self.binaries / "initdb", "--pgdata", self.data / "data",
                      "--auth", "trust", "--username", "bench", "--no-sync"], "initdb", self.data)
        self.port = free_port()
        settings = {**SETTINGS, "port": self.port, "unix_socket_directories": self.data}
        command = [*unprivileged, self.binaries / "postgres", "-D", self.data / "data"]
        for name, value in settings.items():
            command += ["-c", f"{name}={value}"]
        self.child = Child(command, self.data / "log", on_core(self.conditions.server_core),
                           self.environment, self.data)
        self.child.wait_until(lambda: self.tool("pg_isready").returncode == 0)
        made = self.tool("psql", "--quiet", "--set", "ON_ERROR_STOP=1", input=TABLES)
        if made.returncode != 0:
            raise RuntimeError(f"psql: {made.stderr}")

    def tool(self, name, *arguments, before=None, **options):
        return subprocess.run(
            [str(self.binaries / name), "-h", "127.0.0.1", "-p", str(self.port), "-U", "bench",
             *arguments, "postgres" if name != "pg_isready" else "-q"],
            env={**os.environ, **self.environment}, capture_output=True, text=True, check=False,
            cwd=self.data, preexec_fn=before, **options)

    def run(self, work):
        script = self.data / f"{work}.sql"
        script.write_text(SCRIPTS[work], encoding="utf-8")
        connections = BY_KEY[work].connections or self.conditions.connections
        before = self.child.cpu_seconds()
        done = self.tool(
            "pgbench", "--no-vacuum", "--protocol", "prepared", "--client", str(connections),
            "--jobs", "1", "--time", str(max(1, round(self.conditions.seconds))), "--file",
            str(script), "--log", "--log-prefix", str(self.data / work),
            before=on_core(self.conditions.client_core))
        if done.returncode != 0:
            raise RuntimeError(f"pgbench: {done.stderr.strip()}")
        cpu_seconds = self.child.cpu_seconds() - before
        latencies = []
        for log in self.data.glob(f"{work}.[0-9]*"):
            latencies += read_log(log.read_text(encoding="utf-8"))
            log.unlink()
        return to_figures(done.stdout, sorted(latencies), cpu_seconds)

    def stop(self):
        if self.child:
            self.child.stop(signal.SIGINT)  # "fast": doesn't wait for clients
        super().stop()


def read_log(text):
    """Each transaction's latency in microseconds, from pgbench's log of transactions."""
    return [int(line.split()[2]) for line in text.splitlines() if line]


def to_figures(summary, latencies, cpu_seconds):
    """`summary` is what pgbench prints at its end; `latencies` are in order."""
    rate = next(float(line.split()[2]) for line in summary.splitlines()
                if line.startswith("tps = "))
    failed = next((int(line.split(":")[1].split()[0]) for line in summary.splitlines()
                   if line.startswith("number of failed transactions")), 0)
    return Figures(
        requests_per_second=rate, units_per_second=rate, p50_us=percentile(latencies, 0.5),
        p99_us=percentile(latencies, 0.99), bad=failed,
        server_cpu_us=cpu_seconds * 1e6 / len(latencies) if latencies else None)
