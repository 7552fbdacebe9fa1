#!/usr/bin/env bash
# The end of a sentence is cut off by as much as the loudspeaker's latency; a short sentence is never heard.
#
# A program writes a second of sound to a stream of PortAudio's, then stops the stream and closes it.
#
# Expected: stop() "waits until all pending audio buffers have been played before it returns", so the whole
# second is heard; and a stream whose callback said CallbackStop is finished when all that it gave was played.
# Seen: stop() returns at once, and what was not yet played is thrown away: with a latency of 0.1 s the last
# tenth, with one of 1 s everything, since write() returned at once as well. After CallbackStop the same. The
# default latency here is 35 ms, which takes the last sound of a word. aplay, through the same plug-in with as
# large a buffer, is heard to its end. Play silence for the latency that the stream tells, or wait that long.
# sounddevice 0.5.6 over PortAudio 19.6.0, ALSA's plug-in 1.2.7.1, PulseAudio 16.1, 2026-11-30. The sound
# server is one of its own, without any sound card.
set -euo pipefail
wanted='pulseaudio pulseaudio-utils libasound2-plugins libportaudio2 alsa-utils'
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
from collections.abc import Callable
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
STREAM = "sounddevice.RawOutputStream(16000, 320, None, 1, 'int16', {latency}{more})"
WRITE = f"""
import sounddevice
stream = {STREAM.format(latency="{latency}", more="")}
stream.start()
stream.write(b"\\x10\\x10" * 16000)
stream.stop()
"""
CALLBACK = f"""
import sounddevice, threading
finished, blocks = threading.Event(), []
def give(out, frames, *_):
    out[:] = b"\\x10\\x10" * frames
    blocks.append(frames)
    if sum(blocks) >= 16000:
        raise sounddevice.CallbackStop
more = dict(callback=give, finished_callback=finished.set)
stream = {STREAM.format(latency="{latency}", more=", **more")}
stream.start()
finished.wait()
stream.stop()
"""


def wait(there: Callable[[], bool], why: str) -> None:
    """For ten seconds at most: then it can't be tried."""
    until = time.monotonic() + 10
    while not there():
        if time.monotonic() > until:
            print(f"Not tried. {why}", file=sys.stderr)
            raise SystemExit(2)
        time.sleep(0.05)


def heard(command: list[str]) -> float:
    """Seconds of sound at the loudspeaker's monitor."""
    file = HERE / "heard.raw"
    with file.open("wb") as into:
        listen = [*("parec", "--device=loudspeaker.monitor", "--raw", "--format=s16le")]
        listen += ["--rate=16000", "--channels=1", "--latency-msec=20"]
        recording = subprocess.Popen(listen, env=ENVIRONMENT, stdout=into)
    wait(lambda: file.stat().st_size > 0, "Nothing is recorded.")
    subprocess.run(command, env=ENVIRONMENT, check=True, stderr=subprocess.DEVNULL)
    time.sleep(1.5)
    recording.terminate()
    recording.wait()
    samples = memoryview(file.read_bytes()[: file.stat().st_size // 2 * 2]).cast("h")
    return sum(sample != 0 for sample in samples) / 16000


(HERE / "asound.conf").write_text(
    'pcm.default { type pulse hint { show on description "default" } }\n'
)
(HERE / "second.raw").write_bytes(b"\x10\x10" * 16000)
server = subprocess.Popen(
    [
        *("pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no"),
        *("-L", f"module-native-protocol-unix auth-anonymous=1 socket={SOCKET}"),
        *("-L", "module-null-sink sink_name=loudspeaker norewinds=1 rate=16000 channels=1"),
    ],
    env=ENVIRONMENT,
    stderr=subprocess.DEVNULL,
)
try:
    wait(SOCKET.exists, "The sound server doesn't start.")
    play = ["aplay", "-q", "-t", "raw", "-f", "S16_LE", "-r", "16000", "-B", "1000000"]
    found = {"aplay, buffer of 1 s": heard([*play, "second.raw"])}
    for name, code in (("write and stop", WRITE), ("CallbackStop", CALLBACK)):
        for latency in (0.1, 0.5, 1.0):
            command = [sys.executable, "-c", code.replace("{latency}", str(latency))]
            found[f"{name}, latency {latency} s"] = heard(command)
finally:
    server.terminate()
    server.wait()
for name, seconds in found.items():
    print(f"{name}: {seconds:.2f} of 1 s is heard")
whole, *cut = found.values()
# 0.1 s less, 0.5 s less, nothing at all; a loaded machine plays a little more of it in between.
bounds = [(0.7, 0.97), (0.0, 0.75), (0.0, 0.4)] * 2
as_found = [low <= second <= high for second, (low, high) in zip(cut, bounds, strict=True)]
if whole < 0.97 or not all(as_found):
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
