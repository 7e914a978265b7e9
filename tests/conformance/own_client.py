"""Clients of a server that a test has for itself."""

import boto3
from botocore.config import Config


def own_client(server, region="us-east-1", key="millstream", secret="millstream"):
    return boto3.client("kinesis", endpoint_url=server.endpoint, region_name=region,
                        aws_access_key_id=key, aws_secret_access_key=secret,
                        config=Config(retries={"mode": "standard", "max_attempts": 1}))
