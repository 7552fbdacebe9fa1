"""How soon it tells that its microphone is gone, how soon it hears again, and what it obeys.

    python -m tests.hearing.unplugged [CYCLES] [--pipewire] [--server] [--default]

A room's microphone is taken away and given back: by unloading its module, which leaves the server
to move the recording elsewhere; with `--server` by killing the server. Meanwhile the loudspeaker
plays a film in which somebody says "pause" over and over. Each time "stop" is said to the
microphone once it is back, and must be heard; no "pause" may be. `--default`: no microphone is
named, so that the server's choice counts. The exit code is 1 if anything wasn't as it should be.
"""

from __future__ import annotations

import sys
import time
from argparse import ArgumentParser, RawDescriptionHelpFormatter
from contextlib import suppress
from queue import Empty

from tests.hearing.test_microphone import film, lines_of, listening, said
from tests.pipewire_room import PipeWireRoom
from tests.room import Room

MOST_S = 30.0
SOON_S = 3.0


def main() -> int:
    parser = ArgumentParser(description=__doc__, formatter_class=RawDescriptionHelpFormatter)
    parser.add_argument("cycles", type=int, nargs="?", default=100)
    parser.add_argument("--pipewire", action="store_true")
    parser.add_argument("--server", action="store_true")
    parser.add_argument("--default", action="store_true")
    asked = parser.parse_args()
    told: list[float] = []
    found: list[float] = []
    heard = 0
    lines: list[str] = []
    with PipeWireRoom() if asked.pipewire else Room() as room:
        stop, played = said(room, "stop"), film(room)
        child = listening(room, "" if asked.default else "microphone")
        with lines_of(child, lines) as wait:
            wait('"Opened"', MOST_S)
            for cycle in range(1, asked.cycles + 1):
                if played.poll() is not None:
                    played = film(room)
                gone = time.monotonic()
                (room.kill_server if asked.server else room.unplug_microphone)()
                wait('"Lost"', MOST_S)
                told.append(time.monotonic() - gone)
                time.sleep(1.2)  # it is looked for at least once meanwhile
                back = time.monotonic()
                if asked.server:
                    room.start_server()
                    back = time.monotonic()  # before this there was nothing to hear
                else:
                    room.plug_in_microphone()
                wait('"Opened"', MOST_S)
                found.append(time.monotonic() - back)
                room.play(stop)
                with suppress(AssertionError, Empty):
                    wait('"Heard","text":"stop"', 5)
                    heard += 1
                if cycle % 10 == 0 or cycle == asked.cycles:
                    print(f"{cycle} times gone and back, heard {heard} times", flush=True)
                    print(f"  told: {figures(told)}; heard again: {figures(found)}", flush=True)
        played.kill()
        played.wait()
    obeyed = sum('"Heard","text":"pause"' in line for line in lines)
    print(f'  "pause" of the film obeyed: {obeyed} times')
    return int(obeyed > 0 or heard < asked.cycles or max(told + found) > SOON_S)


def figures(times: list[float]) -> str:
    ordered = sorted(times)
    return f"median {ordered[len(ordered) // 2]:.1f}, at most {ordered[-1]:.1f} s"


if __name__ == "__main__":
    sys.exit(main())
