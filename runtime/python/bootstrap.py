"""Runs a Lambda handler: loads it once, then asks the Runtime API for one event after the other.

Started by Millstream as `python bootstrap.py [folder with the AWS SDK]`, with the environment
variables that Lambda documents. Needs Python 3.8 or newer and nothing else.
"""

import http.client
import importlib
import json
import logging
import os
import sys
import time
import traceback

API = "/2018-06-01/runtime"
RECORD_MARK = b"\x1eMLS"  # then eight hexadecimal digits of length, then the record
RECORD_BYTES_MAX = 256 << 10


class Fault(Exception):
    """A failure that Lambda has a name for."""

    def __init__(self, kind, message, frames=()):
        super().__init__(message)
        self.kind = kind
        self.frames = list(frames)


class RuntimeApi:
    """One kept connection to the Runtime API."""

    def __init__(self, address):
        self._connection = http.client.HTTPConnection(address)

    def next(self):
        return self._call("GET", "/invocation/next")

    def answer(self, request_id, body):
        return self._call("POST", f"/invocation/{request_id}/response", body)

    def fail(self, request_id, fault):
        body = json.dumps(fault).encode()
        headers = {"Lambda-Runtime-Function-Error-Type": fault["errorType"]}
        return self._call("POST", f"/invocation/{request_id}/error", body, headers)

    def fail_init(self, fault):
        headers = {"Lambda-Runtime-Function-Error-Type": fault["errorType"]}
        return self._call("POST", "/init/error", json.dumps(fault).encode(), headers)

    def _call(self, method, path, body=None, headers=None):
        sent = {"Content-Type": "application/json", **(headers or {})}
        self._connection.request(method, API + path, body=body, headers=sent)
        response = self._connection.getresponse()
        return response, response.read()


class Client:
    def __init__(self, values):
        for name in ("installation_id", "app_title", "app_version_name", "app_version_code",
                     "app_package_name"):
            setattr(self, name, values.get(name))


class ClientContext:
    def __init__(self, values):
        self.custom = values.get("custom")
        self.env = values.get("env")
        self.client = Client(values["client"]) if values.get("client") else None


class CognitoIdentity:
    def __init__(self, values):
        self.cognito_identity_id = values.get("cognitoIdentityId")
        self.cognito_identity_pool_id = values.get("cognitoIdentityPoolId")


class Context:
    """What a handler gets as its second argument."""

    def __init__(self, headers):
        self.aws_request_id = headers["Lambda-Runtime-Aws-Request-Id"]
        self.invoked_function_arn = headers["Lambda-Runtime-Invoked-Function-Arn"]
        self.function_name = os.environ["AWS_LAMBDA_FUNCTION_NAME"]
        self.function_version = os.environ["AWS_LAMBDA_FUNCTION_VERSION"]
        self.memory_limit_in_mb = os.environ["AWS_LAMBDA_FUNCTION_MEMORY_SIZE"]
        self.log_group_name = os.environ["AWS_LAMBDA_LOG_GROUP_NAME"]
        self.log_stream_name = os.environ["AWS_LAMBDA_LOG_STREAM_NAME"]
        client = headers.get("Lambda-Runtime-Client-Context")
        self.client_context = ClientContext(json.loads(client)) if client else None
        identity = headers.get("Lambda-Runtime-Cognito-Identity")
        self.identity = CognitoIdentity(json.loads(identity) if identity else {})
        self.tenant_id = None
        self._deadline_ms = int(headers["Lambda-Runtime-Deadline-Ms"])

    def get_remaining_time_in_millis(self):
        return max(self._deadline_ms - int(time.time() * 1000), 0)

    def log(self, message):
        sys.stdout.write(str(message))
        sys.stdout.flush()

    def __repr__(self):
        return f"Context({self.__dict__})"


def write_record(text):
    """Writes one log record, which may have many lines, as one event; past RECORD_BYTES_MAX as
    several."""
    sys.stdout.flush()
    sys.stderr.flush()
    body = text.encode("utf-8", "replace")
    start = 0
    while start < len(body):
        end = min(start + RECORD_BYTES_MAX, len(body))
        while end < len(body) and body[end] & 0xC0 == 0x80:  # not within a character
            end -= 1
        rest = RECORD_MARK + b"%08x" % (end - start) + body[start:end]
        while rest:
            rest = rest[os.write(1, rest):]
        start = end


class RecordHandler(logging.Handler):
    request_id = ""

    def emit(self, record):
        try:
            record.aws_request_id = self.request_id
            write_record(self.format(record).rstrip("\n"))
        except Exception:
            self.handleError(record)


def set_up_logging():
    form = logging.Formatter("[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t"
                             "%(message)s", "%Y-%m-%dT%H:%M:%S")
    form.converter = time.gmtime
    handler = RecordHandler()
    handler.setFormatter(form)
    logging.getLogger().addHandler(handler)
    return handler


def load_handler(name):
    try:
        module_name, function_name = name.rsplit(".", 1)
    except ValueError:
        raise Fault("Runtime.MalformedHandlerName",
                    f"Bad handler '{name}': not enough values to unpack (expected 2, got 1)")
    try:
        module = importlib.import_module(module_name.replace("/", "."))
    except ImportError as problem:
        raise Fault("Runtime.ImportModuleError",
                    f"Unable to import module '{module_name}': {problem}")
    except SyntaxError as problem:
        where = f'  File "{problem.filename}" Line {problem.lineno}\n    {problem.text or ""}'
        raise Fault("Runtime.UserCodeSyntaxError",
                    f"Syntax error in module '{module_name}': {problem}", [where])
    try:
        return getattr(module, function_name)
    except AttributeError:
        raise Fault("Runtime.HandlerNotFound",
                    f"Handler '{function_name}' missing on module '{module_name}'")


def describe(problem, request_id):
    """The error as Invoke answers it. Frames of this file are left out."""
    if isinstance(problem, Fault):
        kind, frames = problem.kind, problem.frames
    else:
        kind = type(problem).__name__
        kept = [frame for frame in traceback.extract_tb(problem.__traceback__)
                if frame.filename != __file__ and "importlib" not in frame.filename]
        frames = traceback.format_list(kept)
    return {"errorMessage": str(problem), "errorType": kind, "requestId": request_id,
            "stackTrace": frames}


def log_error(fault):
    text = f"[ERROR] {fault['errorType']}: {fault['errorMessage']}"
    if fault["stackTrace"]:
        text += "\nTraceback (most recent call last):\n" + "".join(fault["stackTrace"])
    write_record(text.rstrip("\n"))


def run(handler, body, context):
    try:
        event = json.loads(body)
    except ValueError as problem:
        raise Fault("Runtime.UnmarshalError", f"Unable to unmarshal input: {problem}")
    result = handler(event, context)
    try:
        return json.dumps(result, ensure_ascii=False).encode("utf-8", "surrogatepass")
    except Exception as problem:
        raise Fault("Runtime.MarshalError", f"Unable to marshal response: {problem}")


def serve(api, handler, log_handler):
    while True:
        response, body = api.next()
        if response.status != 200:
            return
        context = Context(response.headers)
        request_id = log_handler.request_id = context.aws_request_id
        os.environ["_X_AMZN_TRACE_ID"] = response.headers.get("Lambda-Runtime-Trace-Id", "")
        try:
            answer = run(handler, body, context)
        except Exception as problem:
            fault = describe(problem, request_id)
            log_error(fault)
            api.fail(request_id, fault)
        else:
            sys.stdout.flush()
            sys.stderr.flush()
            api.answer(request_id, answer)


def main():
    # The function's own code first, the standard library, then the SDK; nothing of the host's.
    own = [path for path in sys.path[1:]
           if "site-packages" not in path and "dist-packages" not in path]
    sys.path[:] = [os.environ["LAMBDA_TASK_ROOT"], "/opt/python", *own, *sys.argv[1:]]
    sys.argv[:] = [sys.argv[0]]
    sys.stdout.reconfigure(line_buffering=True, errors="replace")
    log_handler = set_up_logging()
    api = RuntimeApi(os.environ["AWS_LAMBDA_RUNTIME_API"])
    try:
        handler = load_handler(os.environ["_HANDLER"])
    except Exception as problem:
        fault = describe(problem, "")
        log_error(fault)
        api.fail_init(fault)
        sys.exit(1)
    serve(api, handler, log_handler)


if __name__ == "__main__":
    main()
