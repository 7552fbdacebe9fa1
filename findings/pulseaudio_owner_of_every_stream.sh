#!/usr/bin/env bash
# Every stream that a program plays belongs to a module of the server's.
#
# Expected: as the reference of pa_sink_input_info.owner_module says, a stream that belongs to no
# module has no owner; so what a program plays can be told from what a module plays (a loopback, a
# combined loudspeaker) by whether there is one.
# Seen: a program's stream belongs to module-native-protocol-unix, by which it came: each stream has
# an owner. The driver tells them apart: "protocol-native.c", and the module's own file. PulseAudio
# 16.1, 2026-11-30. The sound server is one of its own, without any sound card.
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
import json
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
    "module-loopback source=room.monitor sink=loudspeaker",
)


def listed(what: str) -> list[dict[str, object]]:
    done = subprocess.run(
        ["pactl", "--format=json", "list", what], env=ENVIRONMENT, capture_output=True, text=True
    )
    return json.loads(done.stdout or "[]")


loaded = [word for module in MODULES for word in ("-L", module)]
server = subprocess.Popen(
    ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", *loaded],
    env=ENVIRONMENT,
    stderr=subprocess.DEVNULL,
)
player = None
try:
    until = time.monotonic() + 10
    while len(listed("sinks")) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    silence = ["pacat", "--raw", "--device=loudspeaker", "/dev/zero"]
    player = subprocess.Popen(silence, env=ENVIRONMENT)
    while len(streams := listed("sink-inputs")) < 2 and time.monotonic() < until:
        time.sleep(0.05)
    names = dict(
        line.split("\t")[:2]
        for line in subprocess.run(
            ["pactl", "list", "short", "modules"], env=ENVIRONMENT, capture_output=True, text=True
        ).stdout.splitlines()
    )
finally:
    if player is not None:
        player.kill()
    server.terminate()
    server.wait()
owners = {str(one["driver"]): names.get(str(one["owner_module"])) for one in streams}
for driver, owner in owners.items():
    print(f"driver {driver}: owner {owner}")
if owners != {
    "protocol-native.c": "module-native-protocol-unix",
    "module-loopback.c": "module-loopback",
}:
    raise SystemExit("changed")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
