"""Two workers of the Kinesis Client Library share a stream through a reshard and a crash.

README.md says what is proven and how to run it.
"""

import argparse
import json
import os
import sys
import threading
import time
from collections import Counter

import boto3
from botocore.config import Config

from aggregate import aggregate
from faults import Faults
from verdict import SHARD_END, Verdict
from worker import HERE, Worker, library

SHARDS = 4
KEYS = 64
BATCH = 25
AGGREGATED = 3  # user records in one aggregated record


class Producer(threading.Thread):
    """Writes batches one after another, and keeps what was acknowledged, in the order it was written.

    One batch is on its way at a time, and in a batch a key occurs once: so the order per key is known.
    """

    def __init__(self, kinesis, stream, pause):
        super().__init__(daemon=True)
        self._kinesis, self._stream, self._pause = kinesis, stream, pause
        self._end = threading.Event()
        self.acknowledged = {}  # number of a user record -> (key, shard, sequence number)
        self.retried = 0
        self.failure = None
        self._next = 0

    def run(self):
        try:
            while not self._end.wait(self._pause):
                self._batch()
        except Exception as error:  # reported by the proof
            self.failure = error

    def finish(self):
        self._end.set()
        self.join()
        if self.failure:
            raise self.failure

    def _batch(self):
        waiting = []
        for at in range(BATCH):
            key = f"key-{(self._next + at) % KEYS:02}"
            # One in five is aggregated as the Kinesis Producer Library does it.
            count = AGGREGATED if at % 5 == 0 else 1
            numbers = [f"{self._next + at:06}.{sub}" for sub in range(count)]
            if count == 1:
                data = numbers[0].encode()
            else:
                data = aggregate(key, [number.encode() for number in numbers])
            waiting.append((key, numbers, data))
        self._next += BATCH
        while waiting:
            answer = self._kinesis.put_records(
                StreamName=self._stream,
                Records=[{"PartitionKey": key, "Data": data} for key, _, data in waiting],
            )
            again = []
            for record, result in zip(waiting, answer["Records"], strict=True):
                if "ErrorCode" in result:
                    again.append(record)
                else:
                    for number in record[1]:
                        self.acknowledged[number] = (record[0], result["ShardId"], result["SequenceNumber"])
            self.retried += len(again)
            waiting = again


def until(what, seconds, true, workers=()):
    """Waits until it is true; says what did not become true."""
    end = time.time() + seconds
    while not true():
        dead = [worker.name for worker in workers if not worker.alive()]
        if dead:
            raise SystemExit(f"FAIL {', '.join(dead)} ended while waiting until {what}")
        if time.time() > end:
            raise SystemExit(f"FAIL not within {seconds} s: {what}")
        time.sleep(0.5)
    print(f"     {what}", flush=True)


def active(kinesis, stream):
    return kinesis.describe_stream_summary(StreamName=stream)["StreamDescriptionSummary"]["StreamStatus"] == "ACTIVE"


def shards(kinesis, stream):
    """Every shard by its id, in the order of hash keys."""
    found = [shard for page in kinesis.get_paginator("list_shards").paginate(StreamName=stream)
             for shard in page["Shards"]]
    found.sort(key=lambda shard: (int(shard["HashKeyRange"]["StartingHashKey"]), shard["ShardId"]))
    return {shard["ShardId"]: shard for shard in found}


def reshard(kinesis, stream):
    """Merges the first two shards, then splits the last at its middle."""
    first, second, _, last = shards(kinesis, stream).values()
    kinesis.merge_shards(StreamName=stream, ShardToMerge=first["ShardId"],
                         AdjacentShardToMerge=second["ShardId"])
    until("the merge is done", 30, lambda: active(kinesis, stream))
    low, high = (int(last["HashKeyRange"][end]) for end in ("StartingHashKey", "EndingHashKey"))
    kinesis.split_shard(StreamName=stream, ShardToSplit=last["ShardId"],
                        NewStartingHashKey=str((low + high) // 2 + 1))
    until("the split is done", 30, lambda: active(kinesis, stream))


def leases(dynamodb, application):
    """The leases by shard; the library also keeps other items in this table, from version 3 on."""
    found = [item for page in dynamodb.get_paginator("scan").paginate(TableName=application, ConsistentRead=True)
             for item in page["Items"]]
    return {
        item["leaseKey"]["S"]: {
            "owner": item.get("leaseOwner", {}).get("S"),
            "checkpoint": item.get("checkpoint", {}).get("S"),
            "parents": set(item.get("parentShardId", {}).get("SS", [])),
        }
        for item in found if item["leaseKey"]["S"].startswith("shardId-")
    }


def owners(dynamodb, application):
    try:
        return Counter(lease["owner"] for lease in leases(dynamodb, application).values()
                       if lease["checkpoint"] != SHARD_END)
    except dynamodb.exceptions.ResourceNotFoundException:
        return Counter()


def shared(owners):
    return set(owners) == {"first", "second"} and sum(owners.values()) == SHARDS


def numbers(workers):
    """The user records that were processed, by their numbers."""
    return {record[3] for worker in workers for event in worker.events() if event["event"] == "records"
            for record in event["records"]}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("url", help="the server, for instance http://127.0.0.1:4566")
    parser.add_argument("--encoding", choices=["cbor", "json"], default="cbor", help="of requests to Kinesis")
    parser.add_argument("--retrieval", choices=["polling", "fanout"], default="polling")
    parser.add_argument("--no-reshard", action="store_true", help="leave the four shards as they are")
    parser.add_argument("--no-crash", action="store_true", help="let both workers live to the end")
    parser.add_argument("--faults", action="store_true", help="a bad day: throttles, failures, repetitions, lags")
    parser.add_argument("--pause", type=float, default=0.1, help="seconds between batches of the producer")
    parser.add_argument("--keep", action="store_true", help="leave the stream and the tables")
    return parser.parse_args()


def prove(given, kinesis, dynamodb, name, workers, folder):
    print(f"     {library()}, {given.retrieval}, {given.encoding}, stream and application {name}")
    kinesis.create_stream(StreamName=name, ShardCount=SHARDS)
    until(f"the stream has {SHARDS} shards", 30, lambda: active(kinesis, name))

    def start(worker):
        workers[worker] = Worker(worker, folder, given.url, name, name, given.retrieval, given.encoding)

    # Leases move by their throughput, so there has to be some from the beginning.
    producer = Producer(kinesis, name, given.pause)
    producer.start()
    start("first")
    start("second")
    both = list(workers.values())
    until("each of two workers holds leases of the four shards", 180, lambda: shared(owners(dynamodb, name)), both)
    until("both workers process records", 60, lambda: all(numbers([worker]) for worker in both), both)
    verdict = Verdict()
    faults = Faults(given.url, name, name) if given.faults else None
    if not given.no_reshard:
        reshard(kinesis, name)
        time.sleep(5)
        until("children are leased, all parents of theirs were read to the end", 180,
              lambda: verdict.children_begun(shards(kinesis, name), workers.values()), both)
    if faults:
        faults.pass_minutes()
        print("     six minutes of the emulator's clock are over", flush=True)
        time.sleep(5)
    if not given.no_crash:
        workers["second"].kill()
        print("     the second worker is killed", flush=True)
        start("third")
        # If it led the others, its lock on the lead ends after two minutes.
        until("the first and the third hold the leases", 240,
              lambda: set(owners(dynamodb, name)) == {"first", "third"}, [workers["first"], workers["third"]])
        until("the third processes records", 60, lambda: numbers([workers["third"]]), [workers["third"]])
    if faults:
        print(f"     faults: {', '.join(f'{what} {count}' for what, count in faults.acted().items())}")
        faults.remove()
    producer.finish()
    with open(os.path.join(folder, "acknowledged.json"), "w") as file:
        json.dump(producer.acknowledged, file)
    print(f"     {producer.retried} records were refused and written again")
    alive = [worker for worker in workers.values() if worker.alive()]
    until("every acknowledged record is processed", 180,
          lambda: producer.acknowledged.keys() <= numbers(workers.values()), alive)
    until("every open shard is checkpointed at its last record", 60,
          lambda: verdict.behind(producer.acknowledged, leases(dynamodb, name), shards(kinesis, name)) == [], alive)
    held = leases(dynamodb, name)
    all_shards = shards(kinesis, name)
    for worker in alive:
        worker.stop()
    verdict.judge(producer, workers.values(), all_shards, held)
    return verdict


def main():
    given = arguments()
    for key, value in {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test",
                       "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1"}.items():
        os.environ.setdefault(key, value)
    config = Config(retries={"mode": "standard", "max_attempts": 5})
    kinesis, dynamodb = (boto3.client(service, endpoint_url=given.url, config=config)
                         for service in ("kinesis", "dynamodb"))
    name = f"kcl-check-{time.strftime('%H%M%S')}-{os.getpid()}"
    folder = os.path.join(HERE, ".runs", name)
    os.makedirs(folder)
    workers = {}
    began = time.time()
    try:
        verdict = prove(given, kinesis, dynamodb, name, workers, folder)
    finally:
        for worker in workers.values():
            worker.kill()
        if not given.keep:
            clean(kinesis, dynamodb, name)
    print(verdict.report())
    print(f"     {time.time() - began:.0f} s; what the workers wrote is in {os.path.relpath(folder)}")
    sys.exit(0 if verdict.passed() else 1)


def clean(kinesis, dynamodb, name):
    try:
        kinesis.delete_stream(StreamName=name, EnforceConsumerDeletion=True)
        tables = [table for page in dynamodb.get_paginator("list_tables").paginate() for table in page["TableNames"]]
        for table in tables:
            if table.startswith(name):
                dynamodb.delete_table(TableName=table)
    except Exception as error:  # the verdict matters more
        print(f"     not cleaned up: {error}")


if __name__ == "__main__":
    main()
