"""Apache Kafka, one broker that is its own controller, driven by its own performance tools."""

import base64
import pathlib
import shutil
import subprocess
import uuid

import packages
from child import Child, free_port, is_listening
from cold_cache import drop_from_cache
from conditions import on_core
from figures import Figures
from peers.peer import Peer, Unavailable

VERSION = "4.3.0"
SCALA = "2.13"
PARTITIONS = 64
TOPIC = "bench"
BATCH_RECORDS = 500
TRIAL_RECORDS = 200_000  # to learn how many records the wanted seconds take
TIP_MIB = 512
CONFIGURATION = """
process.roles=broker,controller
node.id=1
controller.quorum.voters=1@127.0.0.1:{controller_port}
listeners=PLAINTEXT://127.0.0.1:{port},CONTROLLER://127.0.0.1:{controller_port}
advertised.listeners=PLAINTEXT://127.0.0.1:{port}
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
controller.listener.names=CONTROLLER
log.dirs={data}/logs
log.flush.interval.messages=1
offsets.topic.replication.factor=1
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
group.initial.rebalance.delay.ms=0
"""
LOGGING = """
status = warn
appender.console.type = Console
appender.console.name = console
appender.console.layout.type = PatternLayout
appender.console.layout.pattern = %p %m (%c)%n
rootLogger.level = warn
rootLogger.appenderRef.console.ref = console
"""


class Kafka(Peer):
    name = "Kafka"
    durability = "acks=all, flush.messages=1: each batch of a partition is synced before its answer"
    signatures = "none"
    works = {"put_records_100b": "producer, batches of 500 x 100 B",
             "put_records_1kb": "producer, batches of 500 x 1 KB",
             "get_records_tip": "consumer, just written", "get_records_cold": "consumer, from disk"}
    record_bytes = {"put_records_100b": 100, "put_records_1kb": 1024}

    def install(self):
        if not shutil.which("java") or not shutil.which("mvn"):
            raise Unavailable("there is no Java or Maven (Debian: openjdk-17-jre-headless, maven)")
        packages.maven([f"org.apache.kafka:kafka_{SCALA}:{VERSION}",
                        f"org.apache.kafka:kafka-tools:{VERSION}"], self.folder)

    def version(self):
        return VERSION

    def java(self, name, *arguments):
        """The command that runs a class of Kafka's."""
        logging = pathlib.Path(self.data, "log4j2.properties")
        return ["java", "-Xmx1G", "-Xms1G", f"-Dlog4j2.configurationFile={logging}", "-cp",
                f"{self.folder}/lib/*", name, *map(str, arguments)]

    def start(self):
        self.new_data()
        self.port, controller_port = free_port(), free_port()
        (self.data / "log4j2.properties").write_text(LOGGING, encoding="utf-8")
        (self.data / "server.properties").write_text(
            CONFIGURATION.format(data=self.data, port=self.port, controller_port=controller_port),
            encoding="utf-8")
        packages.run(self.java("kafka.tools.StorageTool", "format", f"--cluster-id={cluster_id()}",
                               "--config", self.data / "server.properties"), "kafka format")
        self.launch()
        self.create_topic(TOPIC)

    def launch(self):
        self.child = Child(self.java("kafka.Kafka", self.data / "server.properties"),
                           self.data / "log", on_core(self.conditions.server_core))
        self.child.wait_until(lambda: is_listening(self.port))

    def tool(self, name, *arguments):
        """Output of one of Kafka's tools, on the client's core."""
        done = subprocess.run(self.java(name, *arguments), capture_output=True, text=True,
                              check=False, preexec_fn=on_core(self.conditions.client_core))
        if done.returncode != 0:
            raise RuntimeError(f"{name}: {(done.stderr or done.stdout).strip()[-600:]}")
        return done.stdout

    def create_topic(self, name):
        self.tool("org.apache.kafka.tools.TopicCommand", "--bootstrap-server", self.address,
                  "--create", "--topic", name, "--partitions", PARTITIONS, "--config",
                  "flush.messages=1", "--config", "retention.ms=-1")

    @property
    def address(self):
        return f"127.0.0.1:{self.port}"

    def produce(self, topic, record_bytes, records):
        """(records/s, p50 in ms, p99 in ms) of the second half, when the programs are warm."""
        said = self.tool(
            "org.apache.kafka.tools.ProducerPerformance", "--topic", topic, "--num-records",
            records, "--record-size", record_bytes, "--throughput", -1, "--warmup-records",
            records // 2, "--producer-props", f"bootstrap.servers={self.address}", "acks=all",
            f"batch.size={BATCH_RECORDS * (record_bytes + 12)}", "linger.ms=20", "buffer.memory=67108864")
        return read_producer(said)

    def run(self, work):
        if work == "get_records_tip":
            return self.consume("tip", TIP_MIB)
        if work == "get_records_cold":
            return self.consume("cold", self.conditions.cold_mib)
        record_bytes = self.record_bytes[work]
        trial, _, _ = self.produce(TOPIC, record_bytes, TRIAL_RECORDS)
        records = max(TRIAL_RECORDS, round(2 * trial * self.conditions.seconds))
        before = self.child.cpu_seconds()
        rate, p50_ms, p99_ms = self.produce(TOPIC, record_bytes, records)
        cpu_seconds = self.child.cpu_seconds() - before
        return Figures(requests_per_second=rate / BATCH_RECORDS, units_per_second=rate,
                       p50_us=p50_ms * 1000, p99_us=p99_ms * 1000,
                       server_cpu_us=cpu_seconds * 1e6 / (records / BATCH_RECORDS))

    def consume(self, name, mib):
        """Reads so many MiB of records of 1 KB in pages of 1 MB a partition."""
        self.create_topic(name)
        records = mib * 1024
        self.produce(name, 1024, records)
        if name == "cold":
            self.child.stop()
            self.launch()
            drop_from_cache(self.data)
        settings = self.data / "consumer.properties"
        settings.write_text("auto.offset.reset=earliest\nmax.partition.fetch.bytes=1048576\n"
                            "fetch.max.bytes=52428800\n", encoding="utf-8")
        said = self.tool("org.apache.kafka.tools.ConsumerPerformance", "--bootstrap-server",
                         self.address, "--topic", name, "--messages", records, "--timeout", 60_000,
                         "--consumer.config", settings)
        records_per_second, bytes_per_second = read_consumer(said)
        return Figures(requests_per_second=records_per_second / 1000,
                       units_per_second=records_per_second, bytes_per_second=bytes_per_second)


def cluster_id():
    """A UUID as Kafka writes it: base64 for URLs."""
    return base64.urlsafe_b64encode(uuid.uuid4().bytes).decode().rstrip("=")


def read_producer(said):
    """(records/s, p50 ms, p99 ms) of ProducerPerformance's last line, for instance:
    500 records sent, 99.2 records/sec (0.01 MB/sec), 3.4 ms avg latency, 9.0 ms max latency,
    3 ms 50th, 4 ms 95th, 7 ms 99th, 9 ms 99.9th."""
    line = [line for line in said.splitlines() if "99.9th" in line][-1]
    parts = [part.strip() for part in line.split(",")]
    rate = float(parts[1].split()[0])
    of = {part.split()[2].rstrip("."): float(part.split()[0]) for part in parts
          if part.rstrip(".").endswith("th")}
    return rate, of["50th"], of["99th"]


def read_consumer(said):
    """(records/s, bytes/s) without the time that joining took, of ConsumerPerformance's table."""
    lines = [line for line in said.splitlines() if "," in line]
    head = [name.strip() for name in lines[-2].split(",")]
    values = dict(zip(head, (value.strip() for value in lines[-1].split(","))))
    return float(values["fetch.nMsg.sec"]), float(values["fetch.MB.sec"]) * 2**20
