#!/usr/bin/env bash
# PULSE_LATENCY_MSEC=1000, and a program that asked PortAudio for 60 ms plays on for a second.
#
# The variable is what many instructions for games and calls have a person set for all programs. The
# program asks PortAudio for a latency of its own, 60 ms, in blocks of 20 ms.
#
# Expected: the stream tells the latency that it really has.
# Seen: it says 60 ms as before, and asks for a second of sound ahead, which goes on after whatever
# is said last. (With a value that is too small for the blocks it says the same, is active, and its
# callback is never called.) Take the variable out of the process before PortAudio opens anything.
# (PipeWire 0.3.65 in PulseAudio's place does the same.) sounddevice 0.5.6 over PortAudio 19.6.0, ALSA's
# plug-in 1.2.7.1, PulseAudio 16.1, 2026-11-30. The sound server is one of its own, without any sound card.
set -euo pipefail
wanted='pulseaudio pulseaudio-utils libasound2-plugins libportaudio2'
# shellcheck disable=SC2086 # several
dpkg-query -W $wanted >/dev/null || { echo "Not tried. It needs: apt-get install $wanted" >&2; exit 2; }
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
import subprocess
import sys
import time
from pathlib import Path

HERE = Path.cwd()
SOCKET = HERE / "native"
ENVIRONMENT = {name: text for name, text in os.environ.items() if not name.startswith("PULSE_")}
ENVIRONMENT |= {
    "HOME": str(HERE),
    "XDG_RUNTIME_DIR": str(HERE),
    "PULSE_SERVER": f"unix:{SOCKET}",
    "ALSA_CONFIG_PATH": str(HERE / "asound.conf"),
}
PLAY = """
import os, time, sounddevice
asked = []
stream = sounddevice.RawOutputStream(
    samplerate=22050, blocksize=441, channels=1, dtype="int16", latency=0.06,
    callback=lambda out, frames, *_: asked.append(frames),
)
stream.start()
time.sleep(2.0)
print(sum(asked) / 22050, stream.active, round(stream.latency, 2), flush=True)
os._exit(0)
"""


def played(latency_ms: str) -> tuple[float, str, str]:
    """Seconds of sound that were asked for in two; whether it is active; what latency it tells."""
    more = {"PULSE_LATENCY_MSEC": latency_ms} if latency_ms else {}
    done = subprocess.run(
        [sys.executable, "-c", PLAY], env=ENVIRONMENT | more, capture_output=True, text=True
    )
    asked, active, told = done.stdout.split()
    return float(asked), active, told


(HERE / "asound.conf").write_text(
    'pcm.default { type pulse hint { show on description "default" } }\n'
)
server = subprocess.Popen(
    [
        *("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"),
        *("-L", f"module-native-protocol-unix auth-anonymous=1 socket={SOCKET}"),
        *("-L", "module-null-sink sink_name=loudspeaker norewinds=1"),
    ],
    env=ENVIRONMENT,
    stderr=subprocess.DEVNULL,
)
try:
    until = time.monotonic() + 10
    listing = ["pactl", "list", "short", "sinks"]
    while "loudspeaker" not in subprocess.run(
        listing, env=ENVIRONMENT, capture_output=True, text=True
    ).stdout:
        if time.monotonic() > until:
            raise SystemExit("no sound server within ten seconds")
        time.sleep(0.05)
    seen = {latency_ms: played(latency_ms) for latency_ms in ("", "1000")}
finally:
    server.terminate()
    server.wait()
for latency_ms, (asked, active, told) in seen.items():
    name = f"PULSE_LATENCY_MSEC={latency_ms}" if latency_ms else "without"
    print(f"{name}: {asked:.2f} s of sound in 2 s; active {active}, latency {told} s")
if not seen[""][0] < 2.4 < seen["1000"][0] or seen["1000"][1:] != ("True", "0.06"):
    raise SystemExit("changed")
PYTHON
timeout 300 "$folder/environment/bin/python" seen.py
