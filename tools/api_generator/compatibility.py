"""docs/compatibility.md: which operations there are, from the models and the ops/ folders."""

HEAD = """# Compatibility with AWS

What Millstream answers of each service that it has, operation by operation. A row comes from AWS's
own service model (botocore {botocore}) and from the presence of the operation's file in
`src/services/<service>/ops/`; this page is written by `tools/generate_api.py compatibility`, and a
test says when it isn't current. What a service does otherwise than AWS stands in its own section,
from `src/services/<service>/compatibility.md`.

An operation that isn't implemented answers HTTP 501 with `NotImplementedException` (Query:
`NotImplemented`), which names it. A parameter that isn't built is refused by name. Nothing is
accepted and ignored unless its section here says so.

What holds for all services:

- Requests and answers are JSON, Query/XML or REST-JSON as the table says. Every JSON service takes and
  answers CBOR, too (`application/x-amz-cbor-1.1`, the default of the Java SDKs for Kinesis). Of the event
  streams SubscribeToShard is built; InvokeWithResponseStream and StartLiveTail aren't.
- Bodies may come with Content-Encoding gzip or deflate. Answers aren't compressed.
- A validation error lists up to ten violations in the order of the model; AWS's order is its own.
  Values of blobs and structures aren't shown in it. A pattern's `\\p{{L}}`, `\\p{{N}}` and `\\p{{Z}}` take
  every character beyond ASCII.

| Service | Operations | Implemented | Protocol |
|---|---|---|---|
"""

PROTOCOLS = {"json": "JSON {jsonVersion}", "query": "Query/XML", "rest-json": "REST-JSON"}


def anchor(title):
    kept = "".join(letter for letter in title.lower() if letter.isalnum() or letter in " -")
    return kept.replace(" ", "-")


def title(service):
    return service.metadata["serviceFullName"]


def summary_row(service):
    protocol = PROTOCOLS[service.protocol].format(**service.metadata)
    return (f"| [{title(service)}](#{anchor(title(service))}) | {len(service.operations)} "
            f"| {len(service.implemented)} | {protocol} |\n")


def operation_table(service):
    rows = ["| Operation | |\n|---|---|\n"]
    for operation in sorted(service.operations):
        state = "yes" if operation in service.implemented else "-"
        rows.append(f"| {operation} | {state} |\n")
    return "".join(rows)


def notes(source):
    """The hand-written part, without its own first heading."""
    path = source / "compatibility.md"
    if not path.is_file():
        return ""
    lines = path.read_text(encoding="utf-8").strip().splitlines()
    if lines and lines[0].startswith("# "):
        lines = lines[1:]
    lines = ["#" + line if line.startswith("## ") else line for line in lines]
    return "\n".join(lines).strip() + "\n\n"


def page(services, botocore):
    out = [HEAD.format(botocore=botocore)]
    out += [summary_row(service) for service, _ in services]
    for service, source in services:
        out += [f"\n## {title(service)}\n\n", notes(source), operation_table(service)]
    return "".join(out)
