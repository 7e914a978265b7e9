"""Requests as bytes: what no SDK would send. Signed as any client's, whatever the body is."""

import http.client
import json
import re
import urllib.parse

from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

REGION = "us-east-1"


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def code(self):
        """The error's code, from the JSON or the XML that it came in."""
        kind = self.headers.get("x-amzn-errortype")
        if kind is None and self.body.lstrip().startswith(b"<"):
            match = re.search(rb"<Code>([^<]*)</Code>", self.body)
            kind = match.group(1).decode() if match else None
        elif kind is None and self.body:
            document = json.loads(self.body)
            kind = document.get("__type", document.get("code"))
        return kind.split("#")[-1].split(":")[0] if kind else None


class Connection:
    """One HTTP/1.1 connection, opened again only when the server said that it would close it."""

    def __init__(self, endpoint):
        place = urllib.parse.urlsplit(endpoint)
        self.host = place.netloc
        self.connection = http.client.HTTPConnection(place.hostname, place.port, timeout=30)

    def send(self, service, body=b"", headers=None, path="/", method="POST"):
        request = AWSRequest(method=method, url=f"http://{self.host}{path}", data=body,
                             headers=dict(headers or {}, Host=self.host))
        SigV4Auth(Credentials("millstream", "millstream"), service, REGION).add_auth(request)
        self.connection.request(method, path, body=body, headers=dict(request.headers.items()))
        return Answer(self.connection.getresponse())

    def close(self):
        self.connection.close()
