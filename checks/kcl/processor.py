#!/usr/bin/env python3
"""The record processor: writes what it is given into a file, and checkpoints after every batch.

The MultiLangDaemon starts one process of it for each shard and speaks with it over stdin and stdout.
"""

import json
import os
import time

from amazon_kclpy import kcl
from amazon_kclpy.v3 import processor


class Recorder(processor.RecordProcessorBase):
    """Notes every event of one shard as a line of JSON, in the order in which they come."""

    def __init__(self):
        self._shard = None
        self._last = None
        # Workers write files of their own; the processes of one worker share it, so each line is one append.
        self._file = os.open(os.environ["KCL_CHECK_LOG"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)

    def _note(self, event, **more):
        line = {"event": event, "shard": self._shard, "at": time.time(), **more}
        os.write(self._file, (json.dumps(line) + "\n").encode())

    def initialize(self, initialize_input):
        self._shard = initialize_input.shard_id
        self._note("initialize", sequence=initialize_input.sequence_number)

    def process_records(self, process_records_input):
        records = process_records_input.records
        seen = [
            [record.sequence_number, record.sub_sequence_number, record.partition_key,
             record.binary_data.decode()]
            for record in records
        ]
        self._note("records", records=seen, behind=process_records_input.millis_behind_latest)
        if records:
            self._last = records[-1]
            self._checkpoint(process_records_input.checkpointer, self._last)

    def _checkpoint(self, checkpointer, record=None):
        """At the record, or at the end of the shard if there is none."""
        at = (record.sequence_number, record.sub_sequence_number) if record else ()
        for attempt in range(5):
            try:
                checkpointer.checkpoint(*at)
                self._note("checkpoint" if record else "shard_end_checkpointed", sequence=at[0] if at else None)
                return
            except kcl.CheckpointError as error:
                if error.value == "ShutdownException" or attempt == 4:
                    # Another worker has the lease, or this one gives up: the next reader reads again.
                    self._note("checkpoint_failed", error=error.value)
                    return
                time.sleep(0.5)

    def lease_lost(self, lease_lost_input):
        self._note("lease_lost")

    def shard_ended(self, shard_ended_input):
        self._note("shard_ended")
        self._checkpoint(shard_ended_input.checkpointer)

    def shutdown_requested(self, shutdown_requested_input):
        self._note("shutdown_requested")
        if self._last:
            self._checkpoint(shutdown_requested_input.checkpointer, self._last)


if __name__ == "__main__":
    kcl.KCLProcess(Recorder()).run()
