#!/usr/bin/env bash
# The clock of a sound stream is the one on the wall, and jumps with it.
#
# Stream.time, and the times that a callback is given, are for measuring: when is this heard, how long ago was
# that said. A Raspberry Pi has no clock of its own: some seconds after it began, the network sets the time.
#
# Expected: as PortAudio's manual says of Pa_GetStreamTime, times that only grow, "with unspecified origin":
# the monotonic clock, as ALSA's own.
# Seen: seconds since 1970, to the millisecond what time.time() says. Whatever waits for a moment of it waits
# for days, or no longer at all, when the time is set. (A change to the monotonic clock was made in PortAudio's
# sources in 2021, after the version that Debian 12 has.) Take time.monotonic() in the callback, and of the
# stream's times differences within one call only. sounddevice 0.5.6 over PortAudio 19.6.0, ALSA 1.2.8,
# 2026-11-30. The device is ALSA's "null", so that no sound card is needed.
set -euo pipefail
dpkg-query -W libportaudio2 >/dev/null || { echo 'Not tried. It needs: apt-get install libportaudio2' >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'sounddevice==0.5.6'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
import os
import time
from pathlib import Path

configuration = Path("asound.conf").absolute()
configuration.write_text('pcm.default { type null hint { show on description "default" } }\n')
os.environ["ALSA_CONFIG_PATH"] = str(configuration)

import sounddevice  # noqa: E402  # it reads the configuration when it is imported

given: list[tuple[float, float]] = []


def give(out: object, frames: int, times: object, status: object) -> None:
    given.append((times.currentTime, time.time()))


with sounddevice.RawOutputStream(16000, 320, channels=1, dtype="int16", callback=give) as stream:
    told, wall, monotonic = stream.time, time.time(), time.monotonic()
    while not given:
        time.sleep(0.01)
print(f"Stream.time {told:.3f}, time.time() {wall:.3f}, time.monotonic() {monotonic:.3f}")
print(f"in the callback {given[0][0]:.3f}, time.time() {given[0][1]:.3f}")
if abs(told - wall) > 1 or abs(told - monotonic) < 1 or abs(given[0][0] - given[0][1]) > 1:
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
