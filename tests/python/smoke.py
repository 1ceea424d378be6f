"""One pass over all services with boto3, over a socket.

Needs AWS_ENDPOINT_URL, and the script beside this file loaded. Exits with 0 if
everything is as on AWS.
"""

import json
import os
import time
import urllib.error
import urllib.parse
import urllib.request
from xml.etree import ElementTree

import boto3
from boto3.dynamodb.conditions import Attr, Key
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.exceptions import ClientError
from decimal import Decimal

assert "AWS_ENDPOINT_URL" in os.environ, "set AWS_ENDPOINT_URL to the emulator"
session = boto3.Session(aws_access_key_id="314159265358", aws_secret_access_key="test", region_name="us-east-1")
once = Config(retries={"total_max_attempts": 1})


def kinesis():
    client = session.client("kinesis", config=once)
    client.create_stream(StreamName="smoke", ShardCount=2)
    client.get_waiter("stream_exists").wait(StreamName="smoke", WaiterConfig={"Delay": 1})
    put = client.put_record(StreamName="smoke", PartitionKey="k", Data=b"\x00\xff data")
    batch = client.put_records(
        StreamName="smoke", Records=[{"PartitionKey": "k", "Data": str(n).encode()} for n in range(3)]
    )
    assert batch["FailedRecordCount"] == 0
    start = client.get_shard_iterator(
        StreamName="smoke", ShardId=put["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    records = client.get_records(ShardIterator=start)["Records"]
    assert [record["Data"] for record in records] == [b"\x00\xff data", b"0", b"1", b"2"], records
    assert records[0]["ApproximateArrivalTimestamp"].tzinfo is not None


def dynamodb():
    resource = session.resource("dynamodb", config=once)
    table = resource.create_table(
        TableName="smoke",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        AttributeDefinitions=[
            {"AttributeName": "pk", "AttributeType": "S"},
            {"AttributeName": "sk", "AttributeType": "N"},
        ],
        BillingMode="PAY_PER_REQUEST",
    )
    waiter = session.client("dynamodb").get_waiter("table_exists")
    waiter.wait(TableName="smoke", WaiterConfig={"Delay": 1})
    for n in range(5):
        table.put_item(Item={"pk": "a", "sk": n, "price": Decimal("14.99"), "tags": {"x", "y"}, "photo": b"\x00"})
    found = table.query(KeyConditionExpression=Key("pk").eq("a") & Key("sk").between(1, 3), ScanIndexForward=False)
    assert [item["sk"] for item in found["Items"]] == [3, 2, 1]
    assert found["Items"][0]["price"] == Decimal("14.99")
    table.update_item(
        Key={"pk": "a", "sk": 1},
        UpdateExpression="SET #n = if_not_exists(#n, :zero) + :one REMOVE photo",
        ExpressionAttributeNames={"#n": "count"},
        ExpressionAttributeValues={":zero": 0, ":one": 1},
    )
    assert table.get_item(Key={"pk": "a", "sk": 1})["Item"]["count"] == 1
    try:
        table.put_item(Item={"pk": "a", "sk": 1}, ConditionExpression=Attr("pk").not_exists())
        raise AssertionError("the condition must fail")
    except ClientError as error:
        assert error.response["Error"]["Code"] == "ConditionalCheckFailedException"
        assert error.response["Error"]["Message"] == "The conditional request failed"
    table.delete_item(Key={"pk": "a", "sk": 4})
    assert table.scan(FilterExpression=Attr("sk").gt(0))["Count"] == 3


def dynamodbstreams():
    tables = session.client("dynamodb", config=once)
    created = tables.create_table(
        TableName="streamed",
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )["TableDescription"]
    tables.get_waiter("table_exists").wait(TableName="streamed", WaiterConfig={"Delay": 1})
    for n in ("1", "1", "2"):
        tables.put_item(TableName="streamed", Item={"pk": {"S": "a"}, "n": {"N": n}, "photo": {"B": b"\x00"}})
    tables.delete_item(TableName="streamed", Key={"pk": {"S": "a"}})
    client = session.client("dynamodbstreams", config=once)
    stream = client.list_streams(TableName="streamed")["Streams"][0]
    assert stream["StreamArn"] == created["LatestStreamArn"], stream
    description = client.describe_stream(StreamArn=stream["StreamArn"])["StreamDescription"]
    assert description["StreamStatus"] == "ENABLED", description
    iterator = client.get_shard_iterator(
        StreamArn=stream["StreamArn"], ShardId=description["Shards"][0]["ShardId"], ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    records = client.get_records(ShardIterator=iterator)["Records"]
    assert [record["eventName"] for record in records] == ["INSERT", "MODIFY", "REMOVE"], records
    assert records[1]["dynamodb"]["OldImage"] == {"pk": {"S": "a"}, "n": {"N": "1"}, "photo": {"B": b"\x00"}}
    assert records[1]["dynamodb"]["ApproximateCreationDateTime"].tzinfo is not None
    try:
        client.describe_stream(StreamArn=created["TableArn"])
        raise AssertionError("a table is no stream")
    except ClientError as error:
        assert error.response["Error"] == {"Code": "ValidationException", "Message": "Invalid StreamArn"}, error.response


def events():
    client = session.client("events", config=once)
    client.put_rule(Name="smoke", EventPattern=json.dumps({"source": ["smoke"]}))
    stream = session.client("kinesis").describe_stream_summary(StreamName="smoke")["StreamDescriptionSummary"]
    failed = client.put_targets(
        Rule="smoke",
        Targets=[{"Id": "s", "Arn": stream["StreamARN"], "RoleArn": "arn:aws:iam::314159265358:role/events"}],
    )
    assert failed["FailedEntryCount"] == 0, failed
    entry = {"Source": "smoke", "DetailType": "test", "Detail": json.dumps({"n": 1})}
    assert client.put_events(Entries=[entry, {**entry, "Source": "other"}])["FailedEntryCount"] == 0
    seen = []
    kinesis_client = session.client("kinesis")
    for shard in kinesis_client.list_shards(StreamName="smoke")["Shards"]:
        iterator = kinesis_client.get_shard_iterator(
            StreamName="smoke", ShardId=shard["ShardId"], ShardIteratorType="TRIM_HORIZON"
        )["ShardIterator"]
        seen += [record["Data"] for record in kinesis_client.get_records(ShardIterator=iterator)["Records"]]
    delivered = [json.loads(data) for data in seen if data.startswith(b"{")]
    assert [event["source"] for event in delivered] == ["smoke"], seen


def logs():
    client = session.client("logs", config=once)
    client.create_log_group(logGroupName="/smoke/a", tags={"team": "smoke"})
    client.create_log_stream(logGroupName="/smoke/a", logStreamName="one")
    now = int(time.time() * 1000)
    messages = ["[ERROR 400] BAD REQUEST", '{"level": "error", "ms": 12}', "127.0.0.1 - 404 12"]
    batch = [{"timestamp": now + n, "message": message} for n, message in enumerate(messages)]
    put = client.put_log_events(logGroupName="/smoke/a", logStreamName="one", logEvents=batch)
    assert "rejectedLogEventsInfo" not in put, put
    pages = client.get_paginator("filter_log_events").paginate(
        logGroupName="/smoke/a", filterPattern="{ $.level = error && $.ms > 10 }"
    )
    assert [event["message"] for page in pages for event in page["events"]] == messages[1:2]
    read = client.get_log_events(logGroupName="/smoke/a", logStreamName="one", startFromHead=True)
    assert [event["message"] for event in read["events"]] == messages
    again = client.get_log_events(
        logGroupName="/smoke/a", logStreamName="one", startFromHead=True, nextToken=read["nextForwardToken"]
    )
    assert again["events"] == [] and again["nextForwardToken"] == read["nextForwardToken"]
    group = client.describe_log_groups(logGroupNamePrefix="/smoke/")["logGroups"][0]
    assert group["arn"] == group["logGroupArn"] + ":*", group
    assert client.list_tags_for_resource(resourceArn=group["logGroupArn"])["tags"] == {"team": "smoke"}
    try:
        client.filter_log_events(logGroupName="/smoke/a", filterPattern="[a, b")
        raise AssertionError("a pattern that does not end")
    except client.exceptions.InvalidParameterException as error:
        assert error.response["Error"]["Message"] == "If a filter pattern starts with '[' it must end with ']'"


def sqs():
    client = session.client("sqs", config=once)
    dead = client.create_queue(QueueName="smoke-dead")["QueueUrl"]
    arn = client.get_queue_attributes(QueueUrl=dead, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    policy = json.dumps({"deadLetterTargetArn": arn, "maxReceiveCount": 1})
    url = client.create_queue(QueueName="smoke", Attributes={"VisibilityTimeout": "0", "RedrivePolicy": policy})["QueueUrl"]
    # botocore checks the digests.
    sent = client.send_message(
        QueueUrl=url,
        MessageBody="<hello>",
        MessageAttributes={
            "shop": {"DataType": "String", "StringValue": "north"},
            "photo": {"DataType": "Binary", "BinaryValue": b"\x00\xff"},
        },
    )
    batch = client.send_message_batch(
        QueueUrl=url, Entries=[{"Id": "a", "MessageBody": "a"}, {"Id": "b", "MessageBody": "b", "DelaySeconds": 901}]
    )
    assert [entry["Id"] for entry in batch["Successful"]] == ["a"], batch
    assert batch["Failed"][0]["Code"] == "InvalidParameterValue", batch
    received = client.receive_message(
        QueueUrl=url, MaxNumberOfMessages=10, AttributeNames=["All"], MessageAttributeNames=["All"], WaitTimeSeconds=1
    )["Messages"]
    assert [message["Body"] for message in received] == ["<hello>", "a"], received
    assert received[0]["MessageId"] == sent["MessageId"]
    assert received[0]["MessageAttributes"]["photo"]["BinaryValue"] == b"\x00\xff"
    assert "Messages" not in client.receive_message(QueueUrl=url), "both were received too often"
    assert len(client.receive_message(QueueUrl=dead, MaxNumberOfMessages=10)["Messages"]) == 2
    try:
        client.get_queue_url(QueueName="none")
        raise AssertionError("there is no such queue")
    except client.exceptions.QueueDoesNotExist as error:
        assert error.response["Error"]["Code"] == "AWS.SimpleQueueService.NonExistentQueue", error.response
        assert error.response["Error"]["Message"] == "The specified queue does not exist.", error.response


def sqs_in_the_query_protocol():
    """boto3 speaks JSON to SQS now, so the forms are made by hand."""
    client = session.client("sqs", config=once)
    url = client.create_queue(QueueName="smoke-query")["QueueUrl"]
    credentials = session.get_credentials()

    def call(**form):
        body = urllib.parse.urlencode({"Version": "2012-11-05", **form})
        headers = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8"}
        request = AWSRequest(method="POST", url=url, data=body, headers=headers)
        SigV4Auth(credentials, "sqs", "us-east-1").add_auth(request)
        sent = urllib.request.Request(url, data=body.encode(), headers=dict(request.headers.items()))
        try:
            with urllib.request.urlopen(sent) as response:
                return ElementTree.fromstring(response.read())
        except urllib.error.HTTPError as error:
            return ElementTree.fromstring(error.read())

    def text(tree, name):
        return tree.find(f".//{{http://queue.amazonaws.com/doc/2012-11-05/}}{name}").text

    call(Action="SendMessage", MessageBody="<a & b>\r\n")
    received = call(Action="ReceiveMessage", **{"AttributeName.1": "All"})
    assert text(received, "Body") == "<a & b>\r\n", ElementTree.tostring(received)
    call(Action="DeleteMessage", ReceiptHandle=text(received, "ReceiptHandle"))
    refused = call(Action="GetQueueUrl", QueueName="none")
    assert text(refused, "Code") == "AWS.SimpleQueueService.NonExistentQueue"


MODEL = "us.anthropic.claude-sonnet-4-5-20250929-v1:0"


def bedrock():
    client = session.client("bedrock-runtime", config=once)
    messages = [{"role": "user", "content": [{"text": "hello"}]}]
    answer = client.converse(modelId=MODEL, messages=messages)
    assert answer["output"]["message"]["content"][0]["text"] == "Hello from the script.", answer
    stream = client.converse_stream(modelId=MODEL, messages=messages)["stream"]
    events_seen = list(stream)
    text = "".join(event["contentBlockDelta"]["delta"]["text"] for event in events_seen if "contentBlockDelta" in event)
    assert text == "Hello from the script.", events_seen
    assert events_seen[-1]["metadata"]["usage"]["totalTokens"] > 0
    try:
        client.converse(modelId=MODEL, messages=[{"role": "assistant", "content": [{"text": "hi"}]}])
        raise AssertionError("a conversation starts with the user")
    except client.exceptions.ValidationException as error:
        assert error.response["Error"]["Message"].startswith("A conversation must start with a user message.")


def bedrock_with_tools():
    client = session.client("bedrock-runtime", config=once)
    schema = {"type": "object", "properties": {"id": {"type": "integer"}}}
    tool = {"toolSpec": {"name": "get_order", "description": "Finds an order", "inputSchema": {"json": schema}}}
    config = {"tools": [tool], "toolChoice": {"auto": {}}}
    messages = [{"role": "user", "content": [{"text": "where is my order?"}]}]
    asked = client.converse(modelId=MODEL, messages=messages, toolConfig=config, serviceTier={"type": "flex"})
    assert asked["stopReason"] == "tool_use" and asked["serviceTier"] == {"type": "flex"}, asked
    used = asked["output"]["message"]["content"][0]["toolUse"]
    assert used["name"] == "get_order" and used["input"] == {"id": 7}, used
    result = {"toolUseId": used["toolUseId"], "content": [{"json": {"state": "sent"}}], "status": "success"}
    messages += [asked["output"]["message"], {"role": "user", "content": [{"toolResult": result}]}]
    answer = client.converse(modelId=MODEL, messages=messages, toolConfig=config)
    assert answer["output"]["message"]["content"] == [{"text": "It is on its way."}], answer
    stream = client.converse_stream(modelId=MODEL, messages=messages[:1], toolConfig=config)["stream"]
    events_seen = list(stream)
    starts = [event["contentBlockStart"]["start"] for event in events_seen if "contentBlockStart" in event]
    assert [start["toolUse"]["name"] for start in starts] == ["get_order"], events_seen
    deltas = [event["contentBlockDelta"]["delta"] for event in events_seen if "contentBlockDelta" in event]
    assert json.loads("".join(delta["toolUse"]["input"] for delta in deltas)) == {"id": 7}, deltas


def bedrock_invocations():
    client = session.client("bedrock-runtime", config=once)
    body = {"anthropic_version": "bedrock-2023-05-31", "max_tokens": 10, "messages": [{"role": "user", "content": "hello"}]}
    invoked = client.invoke_model(modelId=MODEL, body=json.dumps(body))
    assert json.loads(invoked["body"].read())["content"][0]["text"] == "Hello from the script."
    assert invoked["ResponseMetadata"]["HTTPHeaders"]["x-amzn-bedrock-output-token-count"] == "6", invoked
    streamed = client.invoke_model_with_response_stream(modelId=MODEL, body=json.dumps(body))
    chunks = [json.loads(event["chunk"]["bytes"]) for event in streamed["body"]]
    text = "".join(chunk["delta"]["text"] for chunk in chunks if chunk["type"] == "content_block_delta")
    assert text == "Hello from the script.", chunks
    assert chunks[-1]["amazon-bedrock-invocationMetrics"]["outputTokenCount"] == 6, chunks[-1]
    nova = {"messages": [{"role": "user", "content": [{"text": "hello"}]}], "schemaVersion": "messages-v1"}
    invoked = client.invoke_model(modelId="amazon.nova-lite-v1:0", body=json.dumps(nova))
    assert json.loads(invoked["body"].read())["stopReason"] == "end_turn"
    titan = {"inputText": "hello", "dimensions": 512, "normalize": True}
    invoked = client.invoke_model(modelId="amazon.titan-embed-text-v2:0", body=json.dumps(titan))
    assert len(json.loads(invoked["body"].read())["embedding"]) == 512
    try:
        client.invoke_model(modelId=MODEL, body="{}")
        raise AssertionError("the body lacks what is required")
    except client.exceptions.ValidationException as error:
        assert "3 schema violations found" in error.response["Error"]["Message"], error.response
    model = "anthropic.claude-3-haiku-20240307-v1:0"
    messages = [{"role": "user", "content": [{"text": "12345678"}]}]
    counted = client.count_tokens(modelId=model, input={"converse": {"messages": messages}})
    assert counted["inputTokens"] == 2, counted
    counted = client.count_tokens(modelId=model, input={"invokeModel": {"body": json.dumps(body)}})
    assert counted["inputTokens"] == 2, counted
    assert client.list_async_invokes()["asyncInvokeSummaries"] == []


def guardrails():
    client = session.client("bedrock-runtime", config=once)
    control = session.client("bedrock", config=once)
    policy = {"piiEntitiesConfig": [{"type": "EMAIL", "action": "ANONYMIZE"}]}
    messages = {"blockedInputMessaging": "No.", "blockedOutputsMessaging": "No."}
    guardrail = control.create_guardrail(name="smoke", sensitiveInformationPolicyConfig=policy, **messages)["guardrailId"]
    content = [{"text": {"text": "mail jane@example.com"}}]
    applied = client.apply_guardrail(
        guardrailIdentifier=guardrail, guardrailVersion="DRAFT", source="INPUT", content=content
    )
    assert applied["outputs"] == [{"text": "mail {EMAIL}"}], applied


def bedrock_agents():
    builder = session.client("bedrock-agent", config=once)
    made = builder.create_agent(
        agentName="smoke",
        foundationModel="anthropic.claude-3-haiku-20240307-v1:0",
        instruction="You help customers of a shop with their orders.",
        agentResourceRoleArn="arn:aws:iam::000000000000:role/agents",
    )["agent"]
    agent = made["agentId"]
    assert made["agentStatus"] == "CREATING" and made["createdAt"].tzinfo is not None, made
    pass_time("5s")
    assert builder.prepare_agent(agentId=agent)["agentStatus"] == "PREPARING"
    pass_time("10s")
    assert builder.get_agent(agentId=agent)["agent"]["agentStatus"] == "PREPARED"
    client = session.client("bedrock-agent-runtime", config=once)
    answer = client.invoke_agent(
        agentId=agent, agentAliasId="TSTALIASID", sessionId="smoke", inputText="hello", enableTrace=True
    )
    assert answer["sessionId"] == "smoke" and answer["contentType"] == "application/json", answer
    seen = list(answer["completion"])
    assert seen[-1]["chunk"]["bytes"] == b"Hello from the script.", seen
    traced = [list(event["trace"]["trace"]["orchestrationTrace"])[0] for event in seen[:-1]]
    assert traced == ["modelInvocationInput", "modelInvocationOutput", "observation"], seen
    assert seen[0]["trace"]["eventTime"].tzinfo is not None and seen[0]["trace"]["agentId"] == agent, seen
    try:
        client.invoke_agent(agentId="NOAGENT000", agentAliasId="TSTALIASID", sessionId="smoke", inputText="hello")
        raise AssertionError("there is no such agent")
    except ClientError as error:
        assert error.response["Error"]["Code"] == "ResourceNotFoundException", error


def pass_time(by):
    url = os.environ["AWS_ENDPOINT_URL"] + "/_rehearsal/clock/advance"
    body = json.dumps({"by": by}).encode()
    urllib.request.urlopen(urllib.request.Request(url, data=body, headers={"Content-Type": "application/json"}))


def knowledge_bases():
    client = session.client("bedrock-agent", config=once)
    runtime = session.client("bedrock-agent-runtime", config=once)
    embedding = "arn:aws:bedrock:us-east-1::foundation-model/amazon.titan-embed-text-v2:0"
    base = client.create_knowledge_base(
        name="smoke",
        roleArn="arn:aws:iam::314159265358:role/smoke",
        knowledgeBaseConfiguration={
            "type": "VECTOR",
            "vectorKnowledgeBaseConfiguration": {"embeddingModelArn": embedding},
        },
        storageConfiguration={"type": "S3_VECTORS", "s3VectorsConfiguration": {"indexName": "smoke"}},
    )["knowledgeBase"]["knowledgeBaseId"]
    while client.get_knowledge_base(knowledgeBaseId=base)["knowledgeBase"]["status"] != "ACTIVE":
        time.sleep(0.1)
    source = client.create_data_source(
        knowledgeBaseId=base, name="smoke", dataSourceConfiguration={"type": "CUSTOM"}
    )["dataSource"]["dataSourceId"]
    identifier = {"dataSourceType": "CUSTOM", "custom": {"id": "returns"}}
    content = {
        "customDocumentIdentifier": {"id": "returns"},
        "sourceType": "IN_LINE",
        "inlineContent": {"type": "TEXT", "textContent": {"data": "Orders can be returned within 30 days."}},
    }
    place = {"knowledgeBaseId": base, "dataSourceId": source}
    client.ingest_knowledge_base_documents(
        documents=[{"content": {"dataSourceType": "CUSTOM", "custom": content}}], **place
    )
    def status():
        details = client.get_knowledge_base_documents(documentIdentifiers=[identifier], **place)["documentDetails"]
        return details[0]["status"]

    while status() != "INDEXED":
        time.sleep(0.1)
    question = "Can I return an order?"
    found = runtime.retrieve(knowledgeBaseId=base, retrievalQuery={"text": question})["retrievalResults"]
    assert found[0]["location"]["customDocumentLocation"]["id"] == "returns", found
    configuration = {
        "type": "KNOWLEDGE_BASE",
        "knowledgeBaseConfiguration": {"knowledgeBaseId": base, "modelArn": "anthropic.claude-3-haiku-20240307-v1:0"},
    }
    asked = {"input": {"text": question}, "retrieveAndGenerateConfiguration": configuration}
    answer = runtime.retrieve_and_generate(**asked)
    assert answer["output"]["text"] == "Hello from the script.", answer
    stream = runtime.retrieve_and_generate_stream(**asked)["stream"]
    assert "".join(event["output"]["text"] for event in stream if "output" in event) == "Hello from the script."


services = (kinesis, dynamodb, dynamodbstreams, events, logs, sqs, sqs_in_the_query_protocol)
models = (bedrock, bedrock_with_tools, bedrock_invocations, guardrails, bedrock_agents, knowledge_bases)
for smoke in (*services, *models):
    smoke()
    print(f"{smoke.__name__}: as on AWS")
