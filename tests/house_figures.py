"""What the house costs, with a real assistant and a real broker: `python -m tests.house_figures`.

Measures memory and processor of the coach with and without `[mqtt]`, and of the process between;
how soon a command is answered; what a million stray messages do. It asserts nothing.
"""

import argparse
import statistics
import sys
import tempfile
import threading
import time
from pathlib import Path

from assistant.outside.mqtt_broker import Message
from tests.home_assistant import Assistant, wait_until
from tests.meters import cpu_s, memory_mib
from tests.mosquitto import Mosquitto
from tests.outside.home import House
from tests.product import descendants

MODULE = "assistant.outside.mqtt"


def child(pid: int, module: str) -> int:
    """The child of a process that runs this module."""
    for one in descendants(pid):
        if module in Path(f"/proc/{one}/cmdline").read_text():
            return one
    raise ValueError(f"no {module}")


def idle(pid: int, seconds: float) -> float:
    """Percent of a core."""
    before = cpu_s([pid])
    threading.Event().wait(seconds)
    return (cpu_s([pid]) - before) / seconds * 100


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=60.0, help="how long to look at idleness")
    parser.add_argument("--messages", type=int, default=1_000_000, help="how many are no business")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        broker = Mosquitto(folder)
        coach = Assistant(folder / "coach", broker.port)
        try:
            for on in (False, True):
                coach.start(on=on)
                house = House(broker)
                if on:
                    house.shows("availability", "online", 60)
                threading.Event().wait(20)
                pid = coach.pid
                has = f"{memory_mib([pid]):.1f} MiB, {idle(pid, asked.seconds):.2f} % of a core"
                print(f"the coach, with [mqtt] {'on' if on else 'off'}: {has}", flush=True)
                if on:
                    figures(house, child(pid, MODULE), asked.seconds)
                    other = House(broker, only="answer")
                    flood(other, child(pid, MODULE), asked.messages)
                    other.close()
                house.close()
                coach.stop()
        finally:
            coach.stop()
            broker.stop()
    return 0


def figures(house: House, pid: int, seconds: float) -> None:
    has = f"{memory_mib([pid]):.1f} MiB, {idle(pid, seconds):.2f} % of a core"
    print(f"the process between: {has}", flush=True)
    latencies = []
    for number in range(200):
        key = ("pause", "resume", "interval", "snooze")[number % 4]
        began = time.monotonic()
        house.ask(key, "20" if key == "interval" else "PRESS")
        latencies.append((time.monotonic() - began) * 1000)
    cuts = statistics.quantiles(latencies, n=20)
    print(
        f"200 commands: answered after {statistics.median(latencies):.1f} ms (half of them), "
        f"{cuts[18]:.1f} ms (95 of 100), {max(latencies):.1f} ms at most"
    )


def flood(house: House, pid: int, messages: int) -> None:
    before, began, spent = memory_mib([pid]), time.monotonic(), cpu_s([pid])
    for number in range(messages):
        while not house.line.publish(Message(house.name.topic("stray/set"), b"anything")):
            house.wait_for_connection()
        if number % 500 == 499:
            threading.Event().wait(0.01)
    sent_s = time.monotonic() - began
    after_s = wait_until("it answers again", lambda: answers(house), 120)
    print(
        f"{messages} stray commands in {sent_s:.0f} s: it answers {after_s:.1f} s later, "
        f"{memory_mib([pid]) - before:+.1f} MiB, {cpu_s([pid]) - spent:.0f} s of processor"
    )


def answers(house: House) -> bool:
    """Whether it obeys, or says why not, within a second."""
    while not house.answers.empty():
        house.answers.get()
    house.send("snooze", '{"id": "after"}')
    until = time.monotonic() + 1.0
    while time.monotonic() < until:
        try:
            if house.answer(0.2).get("id") == "after":
                return True
        except AssertionError:
            continue
    return False


if __name__ == "__main__":
    sys.exit(main())
