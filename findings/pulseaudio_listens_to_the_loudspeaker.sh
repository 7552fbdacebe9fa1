#!/usr/bin/env bash
# A recording whose microphone is unplugged goes on: with what the loudspeaker plays.
#
# Expected: the recording ends, or is told that its source is gone.
# Seen: PulseAudio moves it to the monitor of the loudspeaker without a word, and names that monitor
# the default source, so that whoever asks for a microphone now gets it. A program that
# waits for commands then obeys the film. (PipeWire 1.4 does the same.) Look at the source's name,
# now and then: a monitor's ends in ".monitor". PulseAudio 16.1, 2026-11-29. The sound server is one
# of its own, without any sound card.
set -euo pipefail
dpkg-query -W pulseaudio pulseaudio-utils >/dev/null || { echo 'Not tried. It needs: apt-get install pulseaudio pulseaudio-utils' >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
import os
import subprocess
import time
from pathlib import Path

HERE = Path.cwd()
SOCKET = HERE / "native"
ENVIRONMENT = os.environ | {
    "HOME": str(HERE),
    "XDG_RUNTIME_DIR": str(HERE),
    "PULSE_SERVER": f"unix:{SOCKET}",
}
MODULES = (
    f"module-native-protocol-unix auth-anonymous=1 socket={SOCKET}",
    "module-null-sink sink_name=loudspeaker",
    "module-null-sink sink_name=room",
    "module-remap-source source_name=microphone master=room.monitor",
)


def pactl(*words: str) -> str:
    done = subprocess.run(["pactl", *words], env=ENVIRONMENT, capture_output=True, text=True)
    return done.stdout


def wait_for(words: str, *asked: str) -> None:
    until = time.monotonic() + 10
    while words not in pactl(*asked):
        if time.monotonic() > until:
            raise SystemExit(f"no {words} within ten seconds")
        time.sleep(0.05)


def recorded_from() -> list[str]:
    """The names of the sources that are being recorded by a program."""
    names = dict(line.split("\t")[:2] for line in pactl("list", "short", "sources").splitlines())
    streams = [line.split("\t") for line in pactl("list", "short", "source-outputs").splitlines()]
    return [names[source] for _, source, client, *_ in streams if client != "-"]


def default() -> str:
    (line,) = (line for line in pactl("info").splitlines() if line.startswith("Default Source"))
    return line.split(": ")[1]


loaded = [word for module in MODULES for word in ("-L", module)]
server = subprocess.Popen(
    ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", *loaded],
    env=ENVIRONMENT,
    stderr=subprocess.DEVNULL,
)
recorder = None
try:
    wait_for("microphone", "list", "short", "sources")
    pactl("set-default-sink", "loudspeaker")
    pactl("set-default-source", "microphone")
    recorder = subprocess.Popen(
        ["parecord", "--raw", "--device=microphone", "recorded"], env=ENVIRONMENT
    )
    wait_for("protocol-native", "list", "short", "source-outputs")
    before, was_default = recorded_from(), default()
    pactl("unload-module", "module-remap-source")  # the microphone is unplugged
    time.sleep(1.0)
    after, is_default, alive = recorded_from(), default(), recorder.poll() is None
finally:
    if recorder is not None:
        recorder.kill()
    server.terminate()
    server.wait()
print(f"recorded from {before}, then from {after}; the recorder still runs: {alive}")
print(f"default microphone {was_default}, then {is_default}")
if (before, after, alive) != (["microphone"], ["loudspeaker.monitor"], True):
    raise SystemExit("changed")
if is_default != "loudspeaker.monitor":
    raise SystemExit("changed: the default is another")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
