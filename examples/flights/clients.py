"""Clients for Millstream, or for whatever AWS_ENDPOINT_URL names."""

import os

import boto3
from botocore.config import Config


def client(service, endpoint=None):
    """A boto3 client. Credentials and region are made up unless the environment gives them."""
    return boto3.client(
        service,
        endpoint_url=endpoint or os.environ.get("AWS_ENDPOINT_URL", "http://127.0.0.1:4566"),
        region_name=os.environ.get("AWS_REGION", "us-east-1"),
        aws_access_key_id=os.environ.get("AWS_ACCESS_KEY_ID", "millstream"),
        aws_secret_access_key=os.environ.get("AWS_SECRET_ACCESS_KEY", "millstream"),
        config=Config(retries={"mode": "standard", "max_attempts": 5}))
