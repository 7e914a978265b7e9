"""nginx with one worker that answers from its configuration: what HTTP alone costs."""

import subprocess

import packages
from child import Child, free_port, is_listening
from conditions import on_core
from load import measure
from peers.aws_peer import WORKLOADS
from peers.peer import Peer

# What the load generator's checks of both small works take for good, as long as Millstream's.
ANSWER = '{"Endpoints":[{"Address":"127.0.0.1","CachePeriodInMinutes":1440}],"ready":true}'
CONFIGURATION = """
daemon off;
worker_processes 1;
pid {data}/pid;
error_log {data}/error_log;
events {{ worker_connections 1024; }}
http {{
  access_log off;
  keepalive_requests 1000000000;
  client_body_temp_path {data}/body;
  proxy_temp_path {data}/proxy;
  fastcgi_temp_path {data}/fastcgi;
  uwsgi_temp_path {data}/uwsgi;
  scgi_temp_path {data}/scgi;
  server {{
    listen 127.0.0.1:{port};
    location / {{
      default_type application/json;
      return 200 '{answer}';
    }}
  }}
}}
"""


class Nginx(Peer):
    name = "nginx"
    durability = "nothing is stored"
    signatures = "not looked at"
    works = {"small_signed": "return 200, same request", "small_plain": "return 200, same request"}

    def install(self):
        packages.debian("nginx", self.folder)

    @property
    def binary(self):
        return self.folder / "root/usr/sbin/nginx"

    @property
    def environment(self):
        return packages.debian_environment(self.folder)

    def version(self):
        done = subprocess.run([self.binary, "-v"], env=self.environment, stderr=subprocess.PIPE,
                              text=True, check=True)
        return done.stderr.strip().rpartition("/")[2]

    def start(self):
        self.new_data()
        self.port = free_port()
        path = self.data / "nginx.conf"
        path.write_text(CONFIGURATION.format(data=self.data, port=self.port, answer=ANSWER),
                        encoding="utf-8")
        self.child = Child(
            [self.binary, "-c", path, "-p", self.data, "-e", self.data / "error_log"],
            self.data / "log", on_core(self.conditions.server_core), self.environment)
        self.child.wait_until(lambda: is_listening(self.port))

    def run(self, work):
        return measure(self.conditions, self.child, self.port, WORKLOADS[work])
