"""A real broker for tests: Mosquitto on a free port of this machine, with a configuration of its
own, started again, stopped and held as a test wants."""

import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

PROGRAM = shutil.which("mosquitto", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
needed = pytest.mark.skipif(PROGRAM is None, reason="needs mosquitto (apt-get install mosquitto)")


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


class Mosquitto:
    """One broker; `stop` and `start` may come in turn, the port stays."""

    def __init__(self, folder: Path, more: str = "allow_anonymous true\n") -> None:
        """`more`: what stands in its configuration besides the port."""
        self.port, self.folder = free_port(), folder
        self._file = folder / "mosquitto.conf"
        self._log = folder / "mosquitto.log"
        text = f"listener {self.port} 127.0.0.1\nuser root\nset_tcp_nodelay true\n{more}"
        self._file.write_text(text)
        self._process: subprocess.Popen[bytes] | None = None
        self.start()

    def start(self) -> None:
        assert PROGRAM is not None
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                [PROGRAM, "-c", str(self._file)], stdout=log, stderr=log, cwd=self._file.parent
            )
        until = time.monotonic() + 10
        while True:
            with socket.socket() as knock:
                if knock.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            assert self._process.poll() is None, self._log.read_text()
            assert time.monotonic() < until, self._log.read_text()
            time.sleep(0.02)

    def stop(self, number: int = signal.SIGTERM) -> None:
        """In good order, or by another signal."""
        if self._process is not None:
            self._process.send_signal(number)
            self._process.wait(10)
            self._process = None

    def hold(self) -> None:
        """It stands still, and its connections with it: half-open ones."""
        assert self._process is not None
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        assert self._process is not None
        self._process.send_signal(signal.SIGCONT)

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid


@contextmanager
def running(folder: Path, more: str = "allow_anonymous true\n") -> Iterator[Mosquitto]:
    """A broker for as long as this lasts."""
    broker = Mosquitto(folder, more)
    try:
        yield broker
    finally:
        broker.stop(signal.SIGKILL)
