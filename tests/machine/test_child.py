"""A child process that fails in any way is ended, reported once and started again."""

import os
import queue
import signal
import threading
import time
from pathlib import Path

import pytest

from assistant.machine.child import NEGLECTED_S, Message, Worker

CHILD = """
import json, os, sys, threading, time
def say(**message): print(json.dumps(message), flush=True)
say(args=sys.argv[1:], pid=os.getpid())
for line in sys.stdin:
    message = json.loads(line)
    match message:
        case {"echo": what}: say(echo=what)
        case {"die": code}: os._exit(code)
        case {"garbage": _}:
            os.write(1, b"\\xff\\xfe no JSON at all\\n[1, 2]\\n")
            say(alive=True)
            say(after="garbage")
        case {"beat": every_s}:
            def beat():
                while True:
                    time.sleep(every_s)
                    say(alive=True)
            threading.Thread(target=beat, daemon=True).start()
        case {"ignore_the_end": _}:
            import signal
            signal.signal(signal.SIGTERM, signal.SIG_IGN)
            say(stubborn=True)
            while True: time.sleep(60)
"""


class Watched:
    """A worker over a real child, and what came of it."""

    def __init__(self, module: str, *args: str, silence_s: float = 30.0) -> None:
        self.messages: queue.SimpleQueue[Message] = queue.SimpleQueue()
        self.ends: queue.SimpleQueue[str] = queue.SimpleQueue()
        self.starts = 0
        self.worker = Worker(
            module,
            args,
            self.messages.put,
            self.ends.put,
            on_start=self._on_start,
            silence_s=silence_s,
        )
        self.worker.start()

    def _on_start(self) -> None:
        self.starts += 1

    def message(self) -> Message:
        return self.messages.get(timeout=20)

    def end(self) -> str:
        return self.ends.get(timeout=20)


@pytest.fixture
def child(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    (tmp_path / "a_child_of_tests.py").write_text(CHILD)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    return "a_child_of_tests"


def test_messages_go_there_and_back_in_order(child: str) -> None:
    one = Watched(child, "some", "words")
    assert one.message()["args"] == ["some", "words"]
    for number in range(50):
        assert one.worker.send({"echo": number})
    assert [one.message()["echo"] for _ in range(50)] == list(range(50))
    one.worker.close()


def test_a_child_takes_no_program_from_the_folder_where_somebody_stands(
    child: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is called like one of Python's own is nothing unusual there."""
    here = tmp_path / "here"
    here.mkdir()
    (here / "threading.py").write_text("raise SystemExit('not this one')")
    monkeypatch.chdir(here)
    one = Watched(child)
    assert "pid" in one.message()
    one.worker.close()


def test_a_child_that_ends_is_reported_and_started_again(child: str) -> None:
    one = Watched(child)
    first = one.message()["pid"]
    one.worker.send({"die": 7})
    assert one.end() == "it stopped unexpectedly"
    second = one.message()["pid"]
    os.kill(int(second), signal.SIGKILL)
    assert one.end() == "it stopped unexpectedly"
    assert one.message()["pid"] not in (first, second)
    assert one.starts == 3
    one.worker.close()
    assert one.ends.empty()


def test_a_child_that_falls_silent_is_ended_and_one_whose_heart_beats_is_not(child: str) -> None:
    one = Watched(child, silence_s=1.0)
    first = int(one.message()["pid"])
    one.worker.send({"beat": 0.2})
    with pytest.raises(queue.Empty):
        one.ends.get(timeout=2.5)
    os.kill(first, signal.SIGSTOP)
    assert one.end() == "it stopped answering"
    assert one.message()["pid"] != first
    one.worker.close()


def test_a_child_is_tended_while_it_speaks_or_a_new_one_is_at_hand(child: str) -> None:
    """Also between an end and a new start; no more when nothing has been heard for minutes."""
    one = Watched(child)
    one.message()
    assert one.worker.tended()
    one.worker.send({"die": 7})
    one.end()
    assert one.worker.tended()
    one.message()
    one.worker._last_line -= NEGLECTED_S + 31
    assert not one.worker.tended()
    one.worker.send({"echo": 1})
    one.message()
    assert one.worker.tended()
    one.worker.close()


def test_what_is_no_message_is_passed_over(child: str) -> None:
    one = Watched(child)
    one.message()
    one.worker.send({"garbage": True})
    assert one.message() == {"after": "garbage"}
    one.worker.close()


def test_a_module_that_is_not_there_is_reported_again_and_again_and_closes_at_once() -> None:
    one = Watched("assistant.no_such_module")
    assert one.end() == "it stopped unexpectedly"
    assert one.end() == "it stopped unexpectedly"
    assert not one.worker.send({"echo": 1})
    began = time.monotonic()
    one.worker.close()
    assert time.monotonic() - began < 2


def test_closing_is_quick_and_leaves_no_process(child: str) -> None:
    one = Watched(child)
    pid = int(one.message()["pid"])
    began = time.monotonic()
    one.worker.close()
    assert time.monotonic() - began < 1
    assert not Path(f"/proc/{pid}").exists()
    assert not one.worker.send({"echo": 1})
    assert one.worker.pid is None
    one.worker.close()


def test_a_child_that_ignores_its_end_is_ended_within_the_time_given(child: str) -> None:
    one = Watched(child)
    pid = int(one.message()["pid"])
    one.worker.send({"ignore_the_end": True})
    assert one.message() == {"stubborn": True}
    began = time.monotonic()
    one.worker.close(timeout_s=1.0)
    assert time.monotonic() - began < 3
    assert not Path(f"/proc/{pid}").exists()


def test_closing_ends_a_stopped_child_even_while_a_message_waits_for_room(child: str) -> None:
    one = Watched(child)
    pid = int(one.message()["pid"])
    os.kill(pid, signal.SIGSTOP)
    sent: queue.SimpleQueue[bool] = queue.SimpleQueue()
    sender = threading.Thread(target=lambda: sent.put(one.worker.send({"echo": "x" * 1_000_000})))
    sender.start()
    with pytest.raises(queue.Empty):
        sent.get(timeout=0.5)
    began = time.monotonic()
    one.worker.close(timeout_s=1.0)
    assert time.monotonic() - began < 3
    assert sent.get(timeout=5) is False
    sender.join(5)
    assert not Path(f"/proc/{pid}").exists()


def test_the_child_goes_first_when_memory_is_short(child: str) -> None:
    """The kernel picks whom to end by this number: a child is started again, its parent isn't."""
    one = Watched(child)
    score = Path(f"/proc/{one.message()['pid']}/oom_score_adj").read_text()
    assert int(score) > int(Path("/proc/self/oom_score_adj").read_text())
    one.worker.close()
