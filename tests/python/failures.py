"""What boto3 makes of every row of the table of failures. Prints one JSON object a row and operation."""

import json
import sys
import time
import urllib.request

import boto3
import botocore
from botocore.config import Config

MODEL = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"
# As short as a loaded machine allows; the default is 60 s. Backoff between attempts is not waited for.
READ_TIMEOUT = 1.5
time.sleep = lambda seconds: None


def admin(endpoint, method, path, body=None):
    request = urllib.request.Request(f"{endpoint}/_rehearsal/{path}", method=method, data=body)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


def converse(client, messages):
    answer = client.converse(modelId=MODEL, messages=messages)
    if "output" not in answer:
        return "no error, no `output` in the answer"
    return "the answer"


def converse_stream(client, messages):
    events = client.converse_stream(modelId=MODEL, messages=messages)["stream"]
    stopped, text = False, ""
    for event in events:
        text += event.get("contentBlockDelta", {}).get("delta", {}).get("text", "")
        stopped = stopped or "messageStop" in event
    if stopped:
        return "the answer"
    return "no error, the text is cut off" if text != "one two three" else "no error, no `messageStop`"


def outcome(call, client, messages):
    try:
        return call(client, messages)
    except botocore.exceptions.EventStreamError as error:
        code = error.response.get("Error", {}).get("Code", "")
        return f"EventStreamError `{code}`"
    except botocore.exceptions.ClientError as error:
        return f"ClientError `{error.response['Error']['Code']}`"
    except Exception as error:
        return type(error).__name__


def main(endpoint, rows):
    client = boto3.client(
        "bedrock-runtime",
        endpoint_url=endpoint,
        region_name="us-east-1",
        aws_access_key_id="111111111111",
        aws_secret_access_key="test",
        config=Config(read_timeout=READ_TIMEOUT, connect_timeout=5, retries={"mode": "standard"}),
    )
    messages = [{"role": "user", "content": [{"text": "hello"}]}]
    for row in rows:
        of = ["Converse", "ConverseStream"] if row["of"] == "any" else [row["of"]]
        for operation in of:
            script = json.dumps([{"when": {"op": operation}, "replies": [row["reply"]]}]).encode()
            admin(endpoint, "PUT", "script?account=111111111111", script)
            before = admin(endpoint, "GET", "model/spending?account=111111111111")["attempts"]
            call = converse if operation == "Converse" else converse_stream
            found = outcome(call, client, messages)
            attempts = admin(endpoint, "GET", "model/spending?account=111111111111")["attempts"] - before
            print(json.dumps({"title": row["title"], "operation": operation, "outcome": found, "attempts": attempts}))
    print(json.dumps({"boto3": boto3.__version__}))


with open(sys.argv[2]) as rows:
    main(sys.argv[1], json.load(rows))
