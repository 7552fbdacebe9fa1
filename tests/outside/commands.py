"""How long a command over MQTT takes to be obeyed, or to be told why not.

`python -m tests.outside.commands [--rounds 50]` sends each command of the house to a real coach
behind its real door, through the process that keeps to the broker and a real Mosquitto, and prints
how long each waited for its answer: from handing it to the client until the answer was heard.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from tests.coach.driver import SETTINGS
from tests.mosquitto import Mosquitto, running
from tests.outside.home import Coach, House
from tests.product import ROOT

COMMANDS = (
    *(("start", "PRESS"), ("pause", "PRESS"), ("resume", "PRESS"), ("next", "PRESS")),
    *(("stop", "PRESS"), ("up", "PRESS"), ("snooze", "5"), ("stretch", "PRESS"), ("stop", "PRESS")),
    *(("interval", "25"), ("reminders", "OFF"), ("reminders", "ON"), ("quiet", "10")),
    *(("meeting", "ON"), ("meeting", "OFF"), ("start", "no such routine"), ("quiet", "never")),
    *(("nonsense", "PRESS"), ("pause", "maybe")),
)
"""What is obeyed, what has no meaning just now, and what no coach understands."""
WITHIN_MS = 150.0


@contextmanager
def bridged(folder: Path, broker: Mosquitto) -> Iterator[None]:
    """The process between door and broker, as the assistant starts it."""
    config = folder / "config" / "exercise-assistant"
    config.mkdir(parents=True)
    (config / "config.toml").write_text(
        f'[mqtt]\non = true\nhost = "127.0.0.1"\nport = {broker.port}\nname = "desk"\n'
    )
    env = {
        **os.environ,
        "XDG_RUNTIME_DIR": str(folder),
        "XDG_CONFIG_HOME": str(folder / "config"),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "assistant.outside.mqtt"],
        cwd=ROOT,
        env=env,
        stdin=subprocess.DEVNULL,
    )
    try:
        yield
    finally:
        process.terminate()
        process.wait(10)


def main(rounds: int) -> int:
    took_ms: list[float] = []
    became: Counter[str] = Counter()
    with tempfile.TemporaryDirectory(prefix="commands-") as name, running(Path(name)) as broker:
        folder = Path(name)
        settings = replace(SETTINGS, reminders=True, sit_s=1200.0)
        coach = Coach(folder / "exercise-assistant", settings)
        house = House(broker)
        with bridged(folder, broker):
            house.shows("availability", "online", 30.0)
            for _ in range(rounds):
                for key, text in COMMANDS:
                    began = time.monotonic()
                    answer = house.ask(key, text)
                    took_ms.append(1000 * (time.monotonic() - began))
                    became["obeyed" if answer["obeyed"] else "told why not"] += 1
                    assert answer["obeyed"] or answer["reason"], answer
        house.close()
        coach.close()
    took_ms.sort()
    late = sum(one > WITHIN_MS for one in took_ms)
    print(f"{len(took_ms)} commands: {', '.join(f'{n} {what}' for what, n in became.items())}")
    print(
        f"answered after {statistics.median(took_ms):.1f} ms, 99 of 100 within "
        f"{took_ms[int(0.99 * len(took_ms)) - 1]:.1f}, all within {took_ms[-1]:.1f}; "
        f"{late} took more than {WITHIN_MS:.0f} ms"
    )
    return 1 if late else 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=50)
    sys.exit(main(parser.parse_args().rounds))
