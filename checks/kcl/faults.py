"""Faults of the emulator that the library has to live with, as rules on the stream and on the tables of the leases."""

import json
import urllib.request
from collections import Counter


def rules(stream, application):
    kinesis = {
        "PutRecords": [(0.05, {"unprocessed": 3}), (0.05, {"internal_failure": 3})],
        "GetRecords": [(0.03, "throttle"), (0.02, {"error": {"code": "InternalFailureException", "status": 500}}),
                       (0.02, "expired"), (0.05, {"stale": "2s"}), (0.05, {"duplicate": 3}), (0.01, "reset")],
        "ListShards": [(0.05, "throttle")],
        "SubscribeToShard": [(0.1, {"error": {"code": "InternalFailureException", "status": 500}}),
                             (0.3, {"cut_after": {"frames": 20}})],
    }
    dynamodb = {
        "UpdateItem": [(0.02, "throttle"), (0.01, "reset"), (0.01, "lose_response")],
        "Scan": [(0.02, "throttle")],
        "Query": [(0.05, {"stale": "2s"})],
    }
    for service, resource, operations in (("kinesis", stream, kinesis), ("dynamodb", f"{application}*", dynamodb)):
        for operation, faults in operations.items():
            for probability, fault in faults:
                yield {"service": service, "resource": resource, "operation": operation,
                       "probability": probability, "fault": fault}


def _call(method, url, body=None):
    request = urllib.request.Request(url, method=method, data=json.dumps(body).encode() if body else None,
                                     headers={"content-type": "application/json"})
    with urllib.request.urlopen(request) as response:
        return json.loads(response.read() or b"{}")


class Faults:
    def __init__(self, url, stream, application):
        self._url = url.rstrip("/") + "/_rehearsal/faults"
        self._clock = url.rstrip("/") + "/_rehearsal/clock/advance"
        self._ids = [_call("POST", self._url, rule)["id"] for rule in rules(stream, application)]

    def pass_minutes(self):
        """Iterators expire and subscriptions end after five minutes. The library's own clock does not move."""
        _call("POST", self._clock, {"by": "6m"})

    def acted(self):
        """How often the rules acted, by operation."""
        count = Counter()
        for rule in _call("GET", self._url):
            if rule["id"] in self._ids and rule["acted"]:
                count[rule["operation"]] += rule["acted"]
        return count

    def remove(self):
        for rule in self._ids:
            _call("DELETE", f"{self._url}/{rule}")
