"""A real Spark standalone cluster on this machine: a master and a worker, each its own process."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

from kotinos.insight.metrics.engines.spark import look_for_java

if TYPE_CHECKING:
    from collections.abc import Iterator

_HOST = "127.0.0.1"
_STARTS_S = 60
_WORKER_MEMORY_MB = 1024
# What a session asks of this cluster: all of the worker, and no plan for more than one core.
SESSION = {
    "spark.executor.memory": "896m",
    "spark.cores.max": "1",
    "spark.driver.memory": "768m",
    "spark.sql.shuffle.partitions": "2",
}


@contextmanager
def cluster(*, cores: int = 1, memory_mb: int = _WORKER_MEMORY_MB) -> Iterator[str]:
    """Start a master and a worker on the loopback, give `spark://...`, and stop both by their ids.

    RuntimeError: Java or Spark is missing, with what to install; or one of them does not start.
    """
    look_for_java()
    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="kotinos-spark-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        port = str(_free_port())
        address = f"spark://{_HOST}:{port}"
        alone = ["--host", _HOST, "--webui-port", "0"]
        share = ["--cores", str(cores), "--memory", f"{memory_mb}M", "--work-dir", str(folder)]
        master, worker = [*alone, "--port", port], [*alone, *share, address]
        _start(stack, folder, "master.Master", master, "I have been elected")
        _start(stack, folder, "worker.Worker", worker, "Successfully registered")
        yield address


def _start(stack: ExitStack, folder: Path, program: str, words: list[str], ready: str) -> None:
    home = _spark_home()
    log = folder / f"{program}.log"
    with log.open("wb") as out:
        process = subprocess.Popen(
            [str(home / "bin" / "spark-class"), f"org.apache.spark.deploy.{program}", *words],
            stdout=out,
            stderr=subprocess.STDOUT,
            env={
                **os.environ,
                "SPARK_HOME": str(home),
                "SPARK_LOCAL_IP": _HOST,
                "SPARK_LOCAL_DIRS": str(folder),
                "SPARK_DAEMON_MEMORY": "256m",
                "SPARK_DAEMON_JAVA_OPTS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
            },
        )
    stack.callback(_stop, process)
    until = time.monotonic() + _STARTS_S
    while ready not in log.read_text(errors="replace"):
        if process.poll() is not None or time.monotonic() > until:
            raise RuntimeError(f"Spark's {program} did not start:\n{log.read_text()[-2000:]}")
        time.sleep(0.05)


def _stop(process: subprocess.Popen[bytes]) -> None:
    """A worker that is told to stop stops its executors."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


def _spark_home() -> Path:
    spec = find_spec("pyspark")
    if spec is None or spec.origin is None:
        raise RuntimeError("Spark is not installed: pip install pyspark==4.0.*")
    return Path(spec.origin).parent


def _free_port() -> int:
    with socket.socket() as found:
        found.bind((_HOST, 0))
        return int(found.getsockname()[1])


def stop_driver() -> None:
    """End the Java process that this Python's sessions ran in."""
    from pyspark import SparkContext  # noqa: PLC0415 - a big import

    gateway = SparkContext._gateway  # noqa: SLF001 - there is no public way
    if gateway is None:
        return
    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait(30)
    SparkContext._gateway = SparkContext._jvm = None  # noqa: SLF001
