"""What a call failed with, for tests that expect it."""

import pytest
from botocore.exceptions import ClientError


def error_of(call, **arguments):
    """The call's error as (code, message)."""
    with pytest.raises(ClientError) as caught:
        call(**arguments)
    error = caught.value.response["Error"]
    return error["Code"], error["Message"]
