#!/usr/bin/env bash
# The key "mute" of a speakerphone is not the text "KEY_MUTE".
#
# Its keys come as input events; python-evdev names them: `categorize(event).keycode`, whose annotation says
# int.
#
# Expected: "KEY_MUTE", as "KEY_VOLUMEUP" and "KEY_PLAYPAUSE" are texts.
# Seen: a tuple, ("KEY_MIN_INTERESTING", "KEY_MUTE"), since the kernel's header has two names for that
# number: a comparison is never true, a dictionary of handlers has no such key, and the one button
# that one wants to rely on does nothing. So with nine other keys (the screen's lock and brightness among
# them) and every mouse button. Compare `event.code` with `ecodes.KEY_MUTE`. evdev 2.0.0, 2026-11-30.
# It is compiled while it is installed.
set -euo pipefail
command -v cc >/dev/null || { echo 'Not tried. It needs: apt-get install gcc libc6-dev python3-dev' >&2; exit 2; }
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
trap 'exit 2' ERR # it can't be tried
python3 -m venv "$folder/environment"
"$folder/environment/bin/pip" -q install 'evdev==2.0.0'
trap - ERR
mkdir "$folder/work"
cd "$folder/work"
cat >seen.py <<'PYTHON'
from evdev import InputEvent, categorize, ecodes

SEEN = {
    "KEY_VOLUMEUP": "KEY_VOLUMEUP",
    "KEY_PLAYPAUSE": "KEY_PLAYPAUSE",
    "KEY_ENTER": "KEY_ENTER",
    "KEY_MUTE": ("KEY_MIN_INTERESTING", "KEY_MUTE"),
    "KEY_SCREENLOCK": ("KEY_COFFEE", "KEY_SCREENLOCK"),
    "BTN_LEFT": ("BTN_LEFT", "BTN_MOUSE"),
}
changed = []
for name, expected in SEEN.items():
    event = InputEvent(0, 0, ecodes.EV_KEY, ecodes.ecodes[name], 1)
    found = categorize(event).keycode
    print(f"{name}: {found!r}")
    if found != expected or event.code != getattr(ecodes, name):
        changed.append(name)
if changed:
    raise SystemExit(f"changed: {changed}")
PYTHON
HOME=$folder/work timeout 300 "$folder/environment/bin/python" seen.py
