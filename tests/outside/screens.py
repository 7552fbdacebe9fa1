"""Many screens at once, and a page that is killed over and over: what it costs the coach.

`python -m tests.outside.screens [--screens 50] [--kills 100]` leads one routine in two rooms at
the same time, one with a page and so many screens on it and one without a page, and prints how long
each hold was in the loudspeaker's recording, what the page's process took, and how long the screens
were without it.
"""

import argparse
import os
import re
import signal
import socket
import statistics
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path

from tests.outside.browser import code
from tests.outside.page_process import HERE, free_port
from tests.product import UNASKED, Assistant, Folders, holds
from tests.room import Room

HOLD_S = 4.0
HOLDS = 8
ON_ONE = 10
"""Screens of one device."""
MODULE = "assistant.outside.page"


class Screen(threading.Thread):
    """A screen as a browser keeps one: connects, reads, connects again."""

    def __init__(self, port: int, token: str) -> None:
        super().__init__(daemon=True)
        self._port, self._token = port, token
        self.heard_at = 0.0
        self.connected = 0
        self.ended = False

    def run(self) -> None:
        while not self.ended:
            with suppress(OSError), socket.create_connection((HERE, self._port), 3) as line:
                line.sendall(
                    f"GET /live HTTP/1.1\r\nHost: {HERE}:{self._port}\r\n"
                    f"Cookie: device={self._token}\r\n\r\n".encode()
                )
                line.settimeout(3)
                first = True
                while (piece := line.recv(65536)) and not self.ended:
                    if b"event: now" in piece or b"event: beat" in piece:
                        self.heard_at = time.monotonic()
                        self.connected += first
                        first = False
            time.sleep(0.25)


def let_in(port: int, environment: dict[str, str]) -> str:
    """A device's cookie, as a browser gets it."""
    body = f"code={code(environment).replace(' ', '')}"
    with socket.create_connection((HERE, port), 5) as line:
        line.sendall(
            f"POST /pair HTTP/1.1\r\nHost: {HERE}:{port}\r\nOrigin: http://{HERE}:{port}\r\n"
            f"Connection: close\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
        )
        answer = b""
        while piece := line.recv(65536):
            answer += piece
    found = re.search(rb"device=([^;]+)", answer)
    assert found is not None, answer
    return found[1].decode()


@contextmanager
def living(folder: Path, page: str) -> Iterator[tuple[Room, Assistant, dict[str, str]]]:
    folders = Folders(folder)
    folders.exercise("held", "the hold", hold_s=HOLD_S, mode="hold_reps", reps=HOLDS)
    folders.routine("holds", "hold test", "held")
    (folders.config / "config.toml").write_text(UNASKED + page)
    with Room() as room:
        environment = room.env() | folders.env()
        with Assistant(["run"], environment) as assistant:
            assistant.wait_listening(60)
            yield room, assistant, environment


def lead(room: Room, assistant: Assistant) -> str:
    """How much each hold differed from the plan: as the coach ordered it, and as it was heard."""
    began = assistant.type("start hold test")
    assistant.wait_step(
        lambda step: step.orders("Record", kind="session_end", detail="done"), "the end", 180
    )
    room.loudspeaker.wait_until(time.monotonic() + 1)
    steps = [step for step in assistant.steps if step.at >= began]
    begins = [step.at for step in steps if step.orders("Chime", sound="begin")]
    ends = [step.at for step in steps if step.orders("Chime", sound="end")]
    heard = [end - begin for begin, end in holds(room.record(began)) if end - begin < 2 * HOLD_S]
    ordered = [end - begin for begin, end in zip(begins, ends, strict=False)]
    return f"ordered: {told(ordered)}; heard: {told(heard)}"


def memory_kib(pid: int) -> int:
    rollup = Path(f"/proc/{pid}/smaps_rollup").read_text()
    return int(re.findall(r"^Pss:\s+(\d+)", rollup, re.M)[0])


def processor_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def told(lengths_s: list[float]) -> str:
    off_ms = [abs(1000 * (length_s - HOLD_S)) for length_s in lengths_s]
    if not off_ms:
        return "no hold"
    return f"{len(off_ms)} holds, {statistics.median(off_ms):.1f} ms off, at most {max(off_ms):.1f}"


def kill(assistant: Assistant, screens: list[Screen], times: int) -> None:
    """Kill the page so often, each time all screens are back, and tell how long that took."""
    before = len(assistant.steps)
    without: list[float] = []
    for _ in range(times):
        pid = assistant.child(MODULE)
        at = time.monotonic()
        os.kill(pid, signal.SIGKILL)
        limit = at + 40
        while min(screen.heard_at for screen in screens) < at + 0.05:
            if time.monotonic() > limit:
                raise AssertionError("not all screens came back")
            time.sleep(0.02)
        without.append(time.monotonic() - at)
    events = [step.event for step in assistant.steps[before:]]
    noticed = [f"{event['is']} {event['part']}" for event in events if "part" in event]
    print(
        f"killed {times} times: all screens back after {statistics.median(without):.1f} s, "
        f"at most {max(without):.1f}; what the coach noticed: {', '.join(noticed) or 'nothing'}"
    )


def main(count: int, kills: int) -> None:
    port = free_port()
    page = f'[page]\non = true\nport = {port}\naddress = "{HERE}"\n'
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (
            living(folder / "with", page) as (room, assistant, environment),
            living(folder / "without", "") as (other_room, other, _),
        ):
            assert not [words for words in other.children().values() if MODULE in words]
            tokens = [let_in(port, environment) for _ in range(0, count, ON_ONE)]
            pid = assistant.child(MODULE)
            print(f"the page's process: {memory_kib(pid) / 1024:.1f} MiB with no screen")
            screens = [Screen(port, tokens[number // ON_ONE]) for number in range(count)]
            for screen in screens:
                screen.start()
            while not all(screen.heard_at for screen in screens):
                time.sleep(0.05)
            print(f"{memory_kib(pid) / 1024:.1f} MiB with {count}")
            began, used = time.monotonic(), processor_s(pid)
            with ThreadPoolExecutor(2) as pool:
                beside = pool.submit(lead, other_room, other)
                print(f"with {count} screens: {lead(room, assistant)}")
                print(f"without a page: {beside.result()}")
            share = (processor_s(pid) - used) / (time.monotonic() - began)
            print(f"the page took {100 * share:.1f} % of a core, {memory_kib(pid) / 1024:.1f} MiB")
            kill(assistant, screens, kills)
            for screen in screens:
                screen.ended = True


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--screens", type=int, default=50)
    parser.add_argument("--kills", type=int, default=100)
    asked = parser.parse_args()
    try:
        main(asked.screens, asked.kills)
    except subprocess.CalledProcessError as error:
        print(error.stderr)
        raise
