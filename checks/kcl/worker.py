"""A worker: the MultiLangDaemon of the Kinesis Client Library in a process group of its own."""

import glob
import json
import os
import signal
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def jars():
    import amazon_kclpy

    found = sorted(glob.glob(os.path.join(os.path.dirname(amazon_kclpy.__file__), "jars", "*.jar")))
    if not found:
        raise SystemExit("no jars beside amazon_kclpy: the package was built without them")
    return found


def library():
    """The version of the library, as the name of its jar says it."""
    names = [os.path.basename(jar) for jar in jars()]
    return next(name.removesuffix(".jar") for name in names if name.startswith("amazon-kinesis-client-3"))


class Worker:
    """Starts, stops and kills one daemon, and reads what its record processors noted."""

    def __init__(self, name, folder, url, application, stream, retrieval, encoding):
        self.name = name
        self.log = os.path.join(folder, f"{name}.jsonl")
        self.output = os.path.join(folder, f"{name}.log")
        self._position = 0
        self._events = []
        properties = os.path.join(folder, f"{name}.properties")
        with open(properties, "w") as file:
            file.writelines(f"{key} = {value}\n" for key, value in {
                "executableName": f"{sys.executable} {os.path.join(HERE, 'processor.py')}",
                "streamName": stream,
                "applicationName": application,
                "workerId": name,
                "AwsCredentialsProvider": "EnvironmentVariableCredentialsProvider",
                "processingLanguage": "python",
                "regionName": "us-east-1",
                "initialPositionInStream": "TRIM_HORIZON",
                "retrievalMode": retrieval,
                # Metrics go to CloudWatch, which is not served.
                "metricsLevel": "NONE",
                # CPU figures need a machine of EC2 or ECS. Without them leases move by their throughput.
                "disableWorkerMetrics": "true",
                # Everything that waits waits less than in production, so that the proof takes a minute or two.
                "failoverTimeMillis": 5000,
                "leaseAssignmentIntervalMillis": 3000,
                "shardSyncIntervalMillis": 2000,
                "parentShardPollIntervalMillis": 1000,
                "idleTimeBetweenReadsInMillis": 250,
                "inMemoryWorkerMetricsCaptureFrequencyMillis": 500,
                "workerMetricsReporterFreqInMillis": 1000,
                "varianceBalancingFrequency": 1,
                # All but this one, which is five seconds: a worker that is stopped hands over whatever it has.
                "shutdownGraceMillis": 20000,
            }.items())
        environment = dict(os.environ, KCL_CHECK_LOG=self.log, AWS_ENDPOINT_URL=url)
        command = ["java", f"-Daws.cborEnabled={'true' if encoding == 'cbor' else 'false'}",
                   "-cp", os.pathsep.join(jars()),
                   "software.amazon.kinesis.multilang.MultiLangDaemon", "--properties-file", properties,
                   "--log-configuration", os.path.join(HERE, "logback.xml")]
        with open(self.output, "w") as output:
            self._process = subprocess.Popen(command, env=environment, stdout=output, stderr=output,
                                             start_new_session=True)

    def alive(self):
        return self._process.poll() is None

    def events(self):
        """What the record processors noted until now; a line that is not whole yet waits for the next call."""
        if os.path.exists(self.log):
            with open(self.log, "rb") as file:
                file.seek(self._position)
                new = file.read()
            whole = new[: new.rfind(b"\n") + 1]
            self._position += len(whole)
            self._events.extend(dict(json.loads(line), worker=self.name) for line in whole.splitlines())
        return self._events

    def kill(self):
        """As when the machine dies: nothing is told to anybody, no lease is given back."""
        self._signal(signal.SIGKILL)
        self._process.wait()

    def stop(self):
        """As in a deployment: the daemon lets its record processors checkpoint and gives its leases back."""
        if self.alive():
            self._process.send_signal(signal.SIGTERM)
            try:
                self._process.wait(60)
            except subprocess.TimeoutExpired:
                pass
        self._signal(signal.SIGKILL)
        self._process.wait()

    def _signal(self, number):
        try:
            os.killpg(self._process.pid, number)
        except ProcessLookupError:
            pass
