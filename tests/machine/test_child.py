"""A child process that fails in any way is ended, reported once and started again."""

import os
import queue
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from assistant.machine import child as child_module
from assistant.machine.child import NEGLECTED_S, Worker, start_ahead
from tests.eventually import eventually

CHILD = """
import json, os, sys, threading, time
def say(kind, **more): print(json.dumps({"is": kind, **more}), flush=True)
say("Started", pid=os.getpid())
for line in sys.stdin:
    message = json.loads(line)
    match message:
        case {"is": "Echo", "what": what}: say("Echo", what=what)
        case {"do": "die"}: os._exit(7)
        case {"do": "garbage"}:
            os.write(1, b"\\xff\\xfe no JSON at all\\n[1, 2]\\n")
            say("Alive")
            say("Echo")
            say("Echo", what=5)
            say("Other", what="x")
            say("Echo", what="after")
        case {"do": "beat"}:
            def beat():
                while True:
                    time.sleep(0.2)
                    say("Alive")
            threading.Thread(target=beat, daemon=True).start()
        case {"do": "ignore the end"}:
            import signal
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            say("Echo", what="stubborn")
            while True: time.sleep(60)
        case {"do": "read nothing"}:
            say("Echo", what="deaf")
            while True:
                time.sleep(0.2)
                say("Alive")
"""


@dataclass(frozen=True)
class Started:
    pid: int


@dataclass(frozen=True)
class Echo:
    what: str


@dataclass(frozen=True)
class Do:
    do: str


class Watched:
    """A worker over a real child, and what came of it."""

    def __init__(self, module: str, silence_s: float = 30.0) -> None:
        self.messages: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.ends: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.starts = 0
        self.worker = Worker(
            module,
            (Started, Echo),
            self.messages.put,
            self.ends.put,
            on_start=self._on_start,
            silence_s=silence_s,
        )
        self.worker.start()

    def _on_start(self) -> None:
        self.starts += 1

    def message(self) -> Any:
        return self.messages.get(timeout=20)

    def pid(self) -> int:
        started = self.message()
        assert isinstance(started, Started)
        return started.pid

    def end(self) -> str:
        return self.ends.get(timeout=20)


@pytest.fixture
def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "a_child_of_tests.py").write_text(CHILD)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return "a_child_of_tests"


def test_messages_go_there_and_back_in_order(child: str) -> None:
    one = Watched(child)
    one.pid()
    for number in range(50):
        assert one.worker.send(Echo(str(number)))
    assert [one.message() for _ in range(50)] == [Echo(str(number)) for number in range(50)]
    one.worker.close()


def test_a_child_is_given_its_arguments_each_time_it_is_started(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "tells_its_arguments.py").write_text(
        "import json, sys; print(json.dumps({'is': 'Echo', 'what': sys.argv[1]}))\n"
    )
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    heard: queue.SimpleQueue[Any] = queue.SimpleQueue()
    worker = Worker(
        "tells_its_arguments", [Echo], heard.put, lambda reason: None, arguments=["a b.toml"]
    )
    worker.start()
    assert [heard.get(timeout=20), heard.get(timeout=20)] == [Echo("a b.toml")] * 2
    worker.close()


def test_a_child_takes_no_program_from_the_folder_where_somebody_stands(
    child: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is called like one of Python's own is nothing unusual there."""
    here = tmp_path / "here"
    here.mkdir()
    (here / "threading.py").write_text("raise SystemExit('not this one')")
    monkeypatch.chdir(here)
    one = Watched(child)
    assert one.pid()
    one.worker.close()


def test_a_child_that_was_started_ahead_is_taken_over_once(child: str) -> None:
    """Its worker starts no other; but the next one is the worker's own."""
    start_ahead(child)
    ahead = child_module._ahead[child].pid
    one = Watched(child)
    assert one.pid() == ahead
    one.worker.send(Do("die"))
    assert one.end() == "it stopped unexpectedly"
    assert one.pid() != ahead
    one.worker.close()


def test_a_child_started_ahead_that_nobody_wanted_ends_with_us(child: str) -> None:
    """The program may refuse to start after all."""
    program = f"from assistant.machine.child import start_ahead; start_ahead({child!r})"
    path = f"{os.environ['PYTHONPATH']}:{Path(__file__).parents[2]}"
    done = subprocess.run(
        [sys.executable, "-c", f"{program}; from assistant.machine.child import _ahead;"
         f"print(_ahead[{child!r}].pid)"],
        env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=True,
    )  # fmt: skip
    eventually(lambda: not Path(f"/proc/{int(done.stdout)}").exists(), 20.0)


def test_a_child_that_ends_is_reported_and_started_again(child: str) -> None:
    one = Watched(child)
    first = one.pid()
    one.worker.send(Do("die"))
    assert one.end() == "it stopped unexpectedly"
    second = one.pid()
    os.kill(second, signal.SIGKILL)
    assert one.end() == "it stopped unexpectedly"
    assert one.pid() not in (first, second)
    assert one.starts == 3
    one.worker.close()
    assert one.ends.empty()


def test_a_child_that_falls_silent_is_ended_and_one_whose_heart_beats_is_not(child: str) -> None:
    one = Watched(child, silence_s=1.0)
    first = one.pid()
    one.worker.send(Do("beat"))
    with pytest.raises(queue.Empty):
        one.ends.get(timeout=2.5)
    os.kill(first, signal.SIGSTOP)
    assert one.end() == "it stopped answering"
    assert one.pid() != first
    one.worker.close()


def test_a_child_is_tended_while_it_speaks_or_a_new_one_is_at_hand(child: str) -> None:
    """Also between an end and a new start; no more when nothing has been heard for minutes."""
    one = Watched(child)
    one.message()
    assert one.worker.tended()
    one.worker.send(Do("die"))
    one.end()
    assert one.worker.tended()
    one.message()
    one.worker._last_line -= NEGLECTED_S + 31
    assert not one.worker.tended()
    one.worker.send(Echo("1"))
    one.message()
    assert one.worker.tended()
    one.worker.close()


def test_what_is_no_message_is_passed_over(child: str) -> None:
    one = Watched(child)
    one.message()
    one.worker.send(Do("garbage"))
    assert one.message() == Echo("after")
    one.worker.close()


def test_a_module_that_is_not_there_is_reported_again_and_again_and_closes_at_once() -> None:
    one = Watched("assistant.no_such_module")
    assert one.end() == "it stopped unexpectedly"
    assert one.end() == "it stopped unexpectedly"
    assert not one.worker.send(Echo("1"))
    began = time.monotonic()
    one.worker.close()
    assert time.monotonic() - began < 2


def test_closing_is_quick_and_leaves_no_process(child: str) -> None:
    one = Watched(child)
    pid = one.pid()
    began = time.monotonic()
    one.worker.close()
    assert time.monotonic() - began < 1
    assert not Path(f"/proc/{pid}").exists()
    assert not one.worker.send(Echo("1"))
    assert one.worker.pid is None
    one.worker.close()


def test_a_child_that_ignores_its_end_is_ended_within_the_time_given(child: str) -> None:
    one = Watched(child)
    pid = one.pid()
    one.worker.send(Do("ignore the end"))
    assert one.message() == Echo("stubborn")
    began = time.monotonic()
    one.worker.close(timeout_s=1.0)
    assert time.monotonic() - began < 3
    assert not Path(f"/proc/{pid}").exists()


LONG = Echo("x" * 1_000_000)
"""Many times what a pipe holds."""


def test_sending_never_waits_for_a_child_that_does_not_read(child: str) -> None:
    """Neither for a message that is longer than a pipe, nor for those behind it."""
    one = Watched(child)
    os.kill(one.pid(), signal.SIGSTOP)
    took_s = []
    for message in (LONG, *[Echo("tick")] * 200, LONG):
        began = time.monotonic()
        assert one.worker.send(message)
        took_s.append(time.monotonic() - began)
    assert sorted(took_s)[-3] < 0.001
    assert max(took_s) < 0.05, "another program had the processor"
    began = time.monotonic()
    one.worker.close(timeout_s=1.0)
    assert time.monotonic() - began < 1.5


def test_a_long_message_comes_whole_and_in_its_place(child: str) -> None:
    one = Watched(child)
    one.pid()
    for message in (Echo("before"), LONG, Echo("after")):
        assert one.worker.send(message)
    assert [one.message() for _ in range(3)] == [Echo("before"), LONG, Echo("after")]
    one.worker.close()


def test_a_child_that_beats_and_reads_nothing_is_ended(child: str) -> None:
    one = Watched(child)
    first = one.pid()
    one.worker.send(Do("read nothing"))
    assert one.message() == Echo("deaf")
    one.worker.send(LONG)
    while one.worker.send(Echo("tick")):
        pass
    assert one.end() == "it stopped taking messages"
    assert one.pid() != first
    assert one.worker.send(Echo("heard again"))
    assert one.message() == Echo("heard again")
    one.worker.close()


def test_a_fault_of_the_owner_does_not_end_the_keeping(child: str) -> None:
    """The child is started again all the same, and further messages come."""

    class Faulty(Watched):
        def _on_start(self) -> None:
            super()._on_start()
            raise RuntimeError("a fault in on_start")

    one = Faulty(child)
    came = one.messages.put

    def on_message(message: Any) -> None:
        came(message)
        raise RuntimeError("a fault in on_message")

    one.worker._on_message = on_message
    first = one.pid()
    one.worker.send(Do("die"))
    assert one.end() == "it stopped unexpectedly"
    assert one.pid() != first
    one.worker.close()


PARENT = """
import sys, threading, time
from assistant.machine.child import Worker
def ended(why): print("ended", why, flush=True)
worker = Worker("a_child_of_tests", (), print, ended, silence_s=1.5)
worker._on_start = lambda: worker.send(Do("beat"))
from dataclasses import dataclass
@dataclass(frozen=True)
class Do: do: str
worker.start()
while worker.pid is None: time.sleep(0.05)
print(worker.pid, flush=True)
for line in sys.stdin: print(worker.pid, flush=True)
worker.close()
"""


def test_a_parent_that_was_stopped_ends_no_healthy_child(child: str) -> None:
    """Ctrl-Z for longer than a child may be silent: it spoke meanwhile, into a pipe."""
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        bufsize=1,
        env={**os.environ, "PYTHONPATH": f"{os.environ['PYTHONPATH']}:{Path.cwd()}"},
    )
    assert parent.stdin is not None
    assert parent.stdout is not None
    try:
        first = parent.stdout.readline()
        for _ in range(2):
            threading.Event().wait(1.0)
            parent.send_signal(signal.SIGSTOP)
            threading.Event().wait(2.5)  # longer than it may be silent
            parent.send_signal(signal.SIGCONT)
            threading.Event().wait(0.6)
            parent.stdin.write("who?\n")
            assert parent.stdout.readline() == first
    finally:
        parent.stdin.close()
        parent.wait(5)


def test_the_child_goes_first_when_memory_is_short(child: str) -> None:
    """The kernel picks whom to end by this number: a child is started again, its parent isn't."""
    one = Watched(child)
    score = Path(f"/proc/{one.pid()}/oom_score_adj").read_text()
    assert int(score) > int(Path("/proc/self/oom_score_adj").read_text())
    one.worker.close()
