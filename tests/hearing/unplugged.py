"""How soon it hears again after its microphone was lost.

    python -m tests.hearing.unplugged [CYCLES]

The audio server of a room is ended and started again, as if the microphone had been unplugged
and plugged in. Each time "stop" is said to it afterwards, and must be heard.
"""

from __future__ import annotations

import subprocess
import sys
import time

from tests.hearing.test_microphone import assistant, lines_of, said
from tests.room import Room


def main() -> None:
    cycles = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    told, found, heard = [], [], 0
    with Room() as room:
        stop = said(room, "stop")
        with lines_of(assistant(room, "mic", "--microphone", "microphone")) as wait:
            wait("Microphone ", 30)
            for cycle in range(1, cycles + 1):
                gone = time.monotonic()
                room.stop_server()
                wait("Lost: ", 30)
                told.append(time.monotonic() - gone)
                room.start_server()
                back = time.monotonic()
                wait("Microphone ", 30)
                found.append(time.monotonic() - back)
                subprocess.run(["paplay", "--device=mouth", str(stop)], env=room.env(), check=True)
                heard += "-> stop" in wait("stop  (", 10)
                if cycle % 10 == 0:
                    print(f"{cycle} times lost and found, heard {heard} times")
                    print(
                        f"  noticed: {figures(told)}; listened again: {figures(found)}", flush=True
                    )


def figures(times: list[float]) -> str:
    ordered = sorted(times)
    return f"median {ordered[len(ordered) // 2]:.1f}, at most {ordered[-1]:.1f} s"


if __name__ == "__main__":
    main()
