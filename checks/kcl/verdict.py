"""What must hold after a run, judged from what the producer was answered and the record processors noted."""

from collections import Counter, defaultdict

# The checkpoint of a shard that was read to its end.
SHARD_END = "SHARD_END"


class Verdict:
    def __init__(self):
        self._lines = []

    def passed(self):
        return bool(self._lines) and all(holds for holds, _ in self._lines)

    def report(self):
        return "\n".join(f"{'pass' if holds else 'FAIL'} {what}" for holds, what in self._lines)

    def _line(self, what, wrong):
        shown = ", ".join(str(one) for one in wrong[:5])
        self._lines.append((not wrong, f"{what}: {len(wrong)} wrong, {shown}" if wrong else what))

    def children_begun(self, shards, workers):
        """Whether a record processor has begun every shard that has a parent."""
        begun = {event["shard"] for worker in workers for event in worker.events() if event["event"] == "initialize"}
        children = {shard for shard, about in shards.items() if "ParentShardId" in about}
        return bool(children) and children <= begun

    def behind(self, acknowledged, leases, shards):
        """Open shards whose lease is not at their last acknowledged record."""
        last = {}
        for _, shard, sequence in acknowledged.values():
            last[shard] = max(last.get(shard, 0), int(sequence))
        return [
            shard for shard, about in shards.items()
            if "EndingSequenceNumber" not in about["SequenceNumberRange"] and shard in last
            and str(last[shard]) != leases.get(shard, {}).get("checkpoint")
        ]

    def judge(self, producer, workers, shards, leases):
        workers = list(workers)
        events = sorted((event for worker in workers for event in worker.events()), key=lambda event: event["at"])
        processed = [(event, *record) for event in events if event["event"] == "records" for record in event["records"]]
        self._at_least_once(producer, processed)
        self._shared(workers)
        self._in_order(processed)
        self._parents_first(events, shards)
        self._leases(leases, shards)
        self._line("a checkpoint was refused only to a worker that had lost its lease", [
            event["error"] for event in events
            if event["event"] == "checkpoint_failed" and event["error"] != "ShutdownException"
        ])

    def _at_least_once(self, producer, processed):
        times = Counter(number for _, _, _, _, number in processed)
        acknowledged = producer.acknowledged
        twice = sum(1 for count in times.values() if count > 1)
        self._line(f"{len(acknowledged)} user records acknowledged, {len(times)} processed, {twice} of them more than "
                   f"once; none is lost", sorted(acknowledged.keys() - times.keys()))
        self._line("what was processed was written", sorted(times.keys() - acknowledged.keys()))
        self._line("records are read from the shard, under the number and with the key that PutRecords answered", [
            (number, event["shard"], sequence) for event, sequence, _, key, number in processed
            if number in acknowledged and acknowledged[number] != (key, event["shard"], sequence)
        ])

    def _shared(self, workers):
        counts = {worker.name: sum(len(event["records"]) for event in worker.events() if event["event"] == "records")
                  for worker in workers}
        told = ", ".join(f"{name} {count}" for name, count in counts.items())
        self._line(f"every worker had a share: {told}", [name for name, count in counts.items() if not count])

    def _in_order(self, processed):
        """A record that comes again may come late; one that comes for the first time may not."""
        seen, latest, wrong = set(), {}, []
        for _, _, _, key, number in processed:
            if number in seen:
                continue
            seen.add(number)
            if latest.get(key, "") > number:
                wrong.append((key, number, latest[key]))
            latest[key] = number
        self._line(f"the records of each of {len(latest)} keys were first processed in the order they were written",
                   wrong)

    def _parents_first(self, events, shards):
        ended = {}
        begun = {}
        for event in events:
            if event["event"] == "shard_end_checkpointed":
                ended.setdefault(event["shard"], event["at"])
            if event["event"] == "initialize":
                begun.setdefault(event["shard"], event["at"])
        parents = defaultdict(set)
        for shard, about in shards.items():
            for member in ("ParentShardId", "AdjacentParentShardId"):
                if member in about:
                    parents[shard].add(about[member])
        wrong = [
            (parent, shard) for shard, its in parents.items() for parent in its
            if parent not in ended or shard not in begun or ended[parent] > begun[shard]
        ]
        count = sum(len(its) for its in parents.values())
        self._line(f"{len(parents)} child shards were begun after {count} ends of parents", wrong)

    def _leases(self, leases, shards):
        opened = {shard for shard, about in shards.items()
                  if "EndingSequenceNumber" not in about["SequenceNumberRange"]}
        self._line(f"{len(opened)} shards are open and leased", sorted(opened ^ {
            shard for shard, lease in leases.items() if lease["owner"] and lease["checkpoint"] != SHARD_END
        }))
        # The library deletes leases of closed shards, in a while.
        self._line("leases of closed shards are at their end", [
            shard for shard, lease in leases.items() if shard not in opened and lease["checkpoint"] != SHARD_END
        ])
