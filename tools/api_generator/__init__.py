"""Writes C++ from AWS's service models (botocore's service-2.json). Knows no service by name."""
